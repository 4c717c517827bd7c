import { request } from "node:http";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "../../src/cli/run-program.js";
import { readPredictor } from "../../src/model/read-predictor.js";
import { PredictionServer } from "../../src/server/prediction-server.js";
import { mostBytes } from "../../src/server/request-body.js";
import { callIn } from "../call.js";
import { capturedTerminal } from "../captured-terminal.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);
const run = join(root, "points");
let server: PredictionServer;

beforeAll(async () => {
  const { code, notes } = await call("train", "--data", "xor", "--hidden", "8", "--epochs", "1", "--no-compile", "--out", run, "--quiet");
  if (code !== 0) throw new Error(notes);
  server = await PredictionServer.start(await readPredictor(run), 0);
});

afterAll(() => server.close());

interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

async function post(body: string | Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const response = await fetch(`${server.address}/predict`, { method: "POST", body, headers });
  return { status: response.status, type: response.headers.get("content-type"), text: (await response.text()).replaceAll(root, "…") };
}

/** The status of a request with headers that `fetch` does not send. */
async function statusOf(headers: Readonly<Record<string, string>>, method = "GET", path = "/"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${server.address}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject).end();
  });
}

interface Predictions {
  readonly predictions: readonly { readonly input?: unknown; readonly prediction: string | null; readonly probabilities: Readonly<Record<string, number>> | null }[];
  readonly notes: readonly string[];
}

describe("predictions over HTTP", () => {
  test("are not made of broken or empty JSON", async () => {
    const told = async (body: string): Promise<unknown> => (JSON.parse((await post(body)).text) as { readonly error: unknown }).error;
    expect([await told("{bad"), await told("[]"), await told("[1]"), await told("[{]")]).toMatchInlineSnapshot(`
      [
        "the request, line 1: Quoted object key expected but got 'b'; a file has one array of records, or a record on each line",
        "the request has no records",
        "the request, record 1: found 1, expected an object with a value for each column, such as {"size": 1.5}",
        "the request, line 1: Quoted object key expected but got ']'; a file has one array of records, or a record on each line",
      ]
    `);
  });

  test("are those of predict, from JSON and CSV", async () => {
    await writeFile(join(root, "points.csv"), "x,y\n0,1\n1,1\n");
    await writeFile(join(root, "points.json"), '[{"x":0,"y":1},{"x":1,"y":1}]');
    const ofTexts = (await call("predict", run, join(root, "points.csv"), "--json")).out.trimEnd().split("\n").map((line): unknown => JSON.parse(line));
    const lines = (await call("predict", run, join(root, "points.json"), "--json")).out.trimEnd().split("\n").map((line): unknown => JSON.parse(line));
    const csv = (await call("predict", run, join(root, "points.csv"))).out;
    const rows = [{ x: 0, y: 1 }, { x: 1, y: 1 }];
    const bodies = [JSON.stringify(rows), JSON.stringify(rows, null, 2), rows.map((row) => JSON.stringify(row)).join("\n")];
    for (const body of bodies) {
      const { status, type, text } = await post(body, { "content-type": "application/json" });
      expect([status, type]).toEqual([200, "application/json; charset=utf-8"]);
      expect(JSON.parse(text)).toEqual({ predictions: lines, notes: [] });
    }
    const single = JSON.parse((await post('{"x": 0,\n "y": 1}')).text) as Predictions;
    expect(single.predictions).toEqual(lines.slice(0, 1));
    // The values of JSON keep their types and digits; those of CSV are texts.
    expect((await post('{"x": 0.10, "y": "1", "b": true, "n": null}')).text.replaceAll(/\s/g, "")).toContain('"input":{"x":0.10,"y":"1","b":true,"n":null}');
    expect(await post("x,y\n0,1\n1,1\n", { "content-type": "text/csv" })).toEqual({ status: 200, type: "text/csv; charset=utf-8", text: csv });
    // As curl sends it.
    expect((await post("x,y\n0,1\n1,1\n", { "content-type": "application/x-www-form-urlencoded" })).text).toBe(csv);
    expect(JSON.parse((await post("x,y\n0,1\n1,1\n", { accept: "application/json" })).text)).toEqual({ predictions: ofTexts, notes: [] });
    expect((await post(JSON.stringify(rows), { accept: "text/csv" })).text).toBe(csv);
  });

  test("come with notes, in CSV as a header", async () => {
    const table = join(root, "table.csv");
    await writeFile(table, `colour,kind\n${Array.from({ length: 40 }, (_, at) => `${at % 2 === 0 ? "red" : "blue"},${at % 2}\n`).join("")}`);
    expect((await call("train", "--data", table, "--target", "kind", "--epochs", "1", "--no-compile", "--out", join(root, "colours"), "--quiet")).code).toBe(0);
    const colours = await PredictionServer.start(await readPredictor(join(root, "colours")), 0);
    try {
      const note = '1 row of 2 has a value of "colour" that the training did not have, which counts as none of the known ones: grün 1.';
      const [csv, plain, json] = await Promise.all(["colour\nred\ngrün\n", "colour\nred\nblue\n", '[{"colour": "red"}, {"colour": "grün"}]'].map(async (body) => fetch(`${colours.address}/predict`, { method: "POST", body })));
      expect(JSON.parse(csv?.headers.get("x-notes") ?? "")).toEqual([note]);
      expect(plain?.headers.get("x-notes")).toBeNull();
      expect(await json?.json()).toMatchObject({ notes: [note] });
    } finally {
      await colours.close();
    }
  });

  test("come with a description of the model", async () => {
    const response = await fetch(server.address);
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await response.json()).toMatchObject({ classes: ["0", "1"], input: { columns: { x: "number", y: "number" }, features: 2 } });
    expect((await fetch(server.address, { method: "HEAD" })).status).toBe(200);
  });

  test("that cannot be made are refused in JSON, with the fix", async () => {
    const refusals = [
      await post(""), await post("x,y\n0,big\n"), await post('{"x": 1}'), await post('[{"x": 1, "y": 2}, {"x": 3}]'), await post("{", { "content-type": "application/json" }),
      await post("x", { "content-type": "application/pdf" }), await post(Uint8Array.from(encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(1) }))),
    ];
    for (const { type } of refusals) expect(type).toBe("application/json; charset=utf-8");
    expect(refusals.map(({ status, text }) => [status, (JSON.parse(text) as { readonly error: string }).error])).toMatchInlineSnapshot(`
      [
        [
          400,
          "the request has no body, expected JSON (an object, or a list of objects) or CSV with a header",
        ],
        [
          400,
          "the request, line 2, column "y": found "big", expected a number as in the training; correct it, or leave it empty",
        ],
        [
          400,
          "the request lacks the column y, that the model needs; it has x",
        ],
        [
          400,
          "the request, record 2: 1 row of 2 lacks a value (y in 1); fill them in, or train the model with --missing mean or drop",
        ],
        [
          400,
          "the request, line 1: Quoted object key or end of object '}' expected but reached end of input; a file has one array of records, or a record on each line",
        ],
        [
          415,
          "the body is application/pdf, expected JSON (an object, or a list of objects) or CSV with a header",
        ],
        [
          415,
          "the body is an image, expected JSON (an object, or a list of objects) or CSV with a header",
        ],
      ]
    `);
    const missing = await fetch(`${server.address}/prediction`);
    expect([missing.status, await missing.json()]).toEqual([404, { error: "there is no /prediction; GET / describes the model, POST /predict predicts" }]);
    const method = await fetch(`${server.address}/predict`);
    expect([method.status, method.headers.get("allow"), await method.json()]).toEqual([405, "POST", { error: "this path takes POST, not GET" }]);
  });

  test("are not made of too large a body", async () => {
    const { status, text } = await post(new Uint8Array(mostBytes + 1));
    expect([status, JSON.parse(text)]).toEqual([413, { error: "the body has more than 16 MiB; send the examples in several requests, or use nn-mlp predict" }]);
    // Without a length that tells it before.
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)) });
    const streamed = await fetch(`${server.address}/predict`, { method: "POST", body: stream, duplex: "half" } as RequestInit).then(({ status: code }) => code, () => 413);
    expect(streamed).toBe(413);
    expect((await post('{"x": 0, "y": 0}')).status).toBe(200);
  });

  test("are for this machine and no foreign page", async () => {
    const port = new URL(server.address).port;
    expect(await statusOf({ host: `localhost:${port}` })).toBe(200);
    expect(await statusOf({ host: `evil.example:${port}` })).toBe(403);
    expect(await statusOf({ origin: "http://evil.example" })).toBe(403);
    expect(await statusOf({ origin: "null" })).toBe(403);
    expect(await statusOf({ origin: server.address })).toBe(200);
  });
});

test("an image is classified", async () => {
  const pixels = (value: number): Uint8Array => encode({ width: 2, height: 2, channels: 1, data: Uint8Array.of(value, value, value, value) });
  for (const [name, value] of [["dark", 10], ["light", 240]] as const) {
    await mkdir(join(root, "images", name), { recursive: true });
    for (let at = 0; at < 20; at++) await writeFile(join(root, "images", name, `${at}.png`), pixels(value + (at % 5)));
  }
  const trained = await call("train", "--data", join(root, "images"), "--hidden", "none", "--epochs", "20", "--no-compile", "--learning-rate", "0.1", "--out", join(root, "shades"), "--quiet");
  expect(trained.code).toBe(0);
  const images = await PredictionServer.start(await readPredictor(join(root, "shades")), 0);
  try {
    const send = async (body: Uint8Array): Promise<unknown> => (await fetch(`${images.address}/predict`, { method: "POST", body: Uint8Array.from(body) })).json();
    expect(await send(pixels(245))).toMatchObject({ predictions: [{ prediction: "light" }] });
    expect(await send(pixels(3))).toMatchObject({ predictions: [{ prediction: "dark" }] });
    expect(await send(encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(1) }))).toEqual({ error: "the request is 1 x 1 (height x width), but the model was trained on 2 x 2; resize it" });
    expect(await send(await readFile(join(root, "points.csv")))).toEqual({ error: "the body is no image, expected a PNG or JPEG image" });
  } finally {
    await images.close();
  }
});

test("the command serves until a signal, then ends", async () => {
  const { terminal, out } = capturedTerminal();
  const interruption = new AbortController();
  const ended = runProgram(["serve", run, "--json"], terminal, interruption.signal);
  await expect.poll(out).toMatch(/\n$/);
  const { address } = JSON.parse(out()) as { readonly address: string };
  expect((await fetch(address)).status).toBe(200);
  const taken = await call("serve", run, "--port", new URL(address).port);
  expect([taken.code, taken.notes]).toEqual([2, `error: --port ${new URL(address).port} is in use; choose another one, or leave --port out for a free one\n`]);
  interruption.abort("SIGTERM");
  expect(await ended).toBe(0);
  await expect(fetch(address)).rejects.toThrow("fetch failed");
});
