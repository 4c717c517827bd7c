import { get } from "node:http";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError } from "@nn/files";
import { Recorder, type RunState } from "@nn/records";
import { openRecordFile } from "@nn/records/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serve } from "../../src/serve.js";
import { startServer, type RunningServer } from "../../src/server/server.js";
import { events, request, type StreamEvent } from "../request.js";

let root = "";
let runs = "";
let page = "";
let server: RunningServer;

/** Records a run below the folder of runs. */
async function record(name: string, steps: readonly number[], state?: RunState, resumeFrom?: number): Promise<void> {
  const recorder = new Recorder([await openRecordFile(join(runs, name), resumeFrom === undefined ? {} : { resumeFrom })]);
  for (const step of steps) recorder.scalars(step, { loss: 1 / step });
  if (state !== undefined) recorder.status(steps.at(-1) ?? 0, state);
  recorder.close();
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "nn-dashboard-"));
  [runs, page] = [join(root, "runs"), join(root, "page")];
  mkdirSync(runs);
  mkdirSync(page);
  writeFileSync(join(page, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(page, "page.js"), "void 0;");
  writeFileSync(join(page, "page.css"), "");
  writeFileSync(join(root, "secret.txt"), "secret");
  server = await startServer({ folder: runs, port: 0, token: "secret-token", page });
});

afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

const withToken = { "content-type": "application/json", authorization: "Bearer secret-token" };
const host = (): string => new URL(server.address).host;

describe("the server", () => {
  it("serves the page with headers that forbid loading from other servers", async () => {
    const { status, headers, body } = await request(server.address, "/");
    expect([status, body]).toEqual([200, "<!doctype html><title>page</title>"]);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; .*frame-ancestors 'none'$/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=secret-token$/);
  });

  it.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example:1"])("refuses the host %j, which a foreign page could resolve to this machine", async (name) => {
    const answer = await request(server.address, "/", { headers: { host: name } });
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain("page");
  });

  it.each(["127.0.0.1", "localhost", "[::1]"])("answers to the name %s", async (name) => {
    expect((await request(server.address, "/", { headers: { host: `${name}:1234` } })).status).toBe(200);
  });

  it.each([{ origin: "http://evil.example" }, { origin: "null" }, { origin: "http://localhost:3000" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }])(
    "refuses a request with %j",
    async (headers) => {
      await record("a", [1]);
      expect((await request(server.address, "/api/events", { headers })).status).toBe(403);
      expect((await request(server.address, "/api/command?run=a", { method: "POST", headers: { ...withToken, ...headers }, body: '{"command":"stop"}' })).status).toBe(403);
    },
  );

  it("accepts a request of its own page", async () => {
    expect((await request(server.address, "/page.js", { headers: { origin: `http://${host()}`, "sec-fetch-site": "same-origin" } })).status).toBe(200);
  });

  it.each(["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/runs", "//evil.example/secret.txt", "/page.js/../../secret.txt", "/index.html%00", "/\\..\\secret.txt", "*"])(
    "reads only files of the page: %s",
    async (path) => {
      const answer = await request(server.address, path);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body).not.toContain("secret\n");
    },
  );

  it("refuses other methods", async () => {
    expect((await request(server.address, "/", { method: "DELETE" })).status).toBe(405);
    expect((await request(server.address, "/", { method: "HEAD" })).body).toBe("");
    expect((await request(server.address, "/api/command?run=a")).status).toBe(404);
  });

  it.each([
    [[3], "serve: the folder is 3, expected a string"],
    [["runs", 8080], "serve: the options are 8080, expected an object such as { port: … }"],
    [["runs", { prot: 1 }], 'serve: there is no option "prot"; did you mean "port"?'],
    [["runs", { port: -1 }], "serve: port is -1, expected a whole number, at least 0"],
    [["runs", { port: 70_000 }], "serve: port is 70000, expected a number up to 65535"],
    [["/none"], 'serve: cannot read "/none": there is no such file or folder'],
  ])("refuses wrong arguments: serve(...%j)", async (given, message) => {
    // @ts-expect-error: arguments as JavaScript could give them
    await expect(serve(...given)).rejects.toThrow(message);
  });

  it("does not start without a folder of runs, without a page, or on a port that is taken", async () => {
    await expect(startServer({ folder: join(root, "none"), port: 0, page })).rejects.toThrow(FileError);
    await expect(startServer({ folder: join(root, "secret.txt"), port: 0, page })).rejects.toThrow("a part of the path is a file, expected a folder");
    await expect(startServer({ folder: runs, port: 0, page: runs })).rejects.toThrow("there is no such file or folder");
    await expect(startServer({ folder: runs, port: Number(new URL(server.address).port), page })).rejects.toThrow("another program does");
  });
});

describe("a command", () => {
  const send = (command: string, headers: object = withToken, run = "a") => request(server.address, `/api/command?run=${run}`, { method: "POST", headers: { ...headers }, body: command });

  it("is written into the run's folder", async () => {
    await record("a", [1]);
    expect(await send('{"command":"pause"}')).toMatchObject({ status: 202 });
    expect(await send('{"command":"stop"}')).toMatchObject({ status: 202 });
    expect(readFileSync(join(runs, "a/commands.txt"), "utf8")).toBe("pause\nstop\n");
  });

  it("needs the token", async () => {
    await record("a", [1]);
    for (const authorization of ["", "Bearer", "Bearer wrong", "Basic secret-token", "Bearer secret-token2"]) {
      expect((await send('{"command":"stop"}', { ...withToken, authorization })).status).toBe(401);
    }
  });

  it("is one of four, for an existing run that is training", async () => {
    await record("a", [1]);
    await record("done", [1], "completed");
    expect(await send('{"command":"format"}')).toMatchObject({ status: 400 });
    expect(await send('{"command":"stop"}', { ...withToken, "content-type": "text/plain" })).toMatchObject({ status: 415 });
    expect(await send('{"command":"stop"}', withToken, "b")).toMatchObject({ status: 404 });
    expect(await send('{"command":"stop"}', withToken, "..%2Fpage")).toMatchObject({ status: 404 });
    expect(await send('{"command":"stop"}', withToken, "done")).toMatchObject({ status: 409, body: "the run is completed\n" });
  });
});

const recordsIn = (found: readonly StreamEvent[]) => found.filter(({ event }) => event === "records").map(({ data }) => data as { run: string; restarted: boolean; cursor: string; records: { step: number }[] });
const stepsIn = (found: readonly StreamEvent[], run: string): number[] => recordsIn(found).filter((each) => each.run === run).flatMap(({ records }) => records.map(({ step }) => step));

describe("the events", () => {
  it("contain the list of runs, the newest first, with state and step", async () => {
    await record("older", [1, 2], "completed");
    await record("group/newer", [1, 2, 3]);
    const [first] = await events(server.address, "/api/events", (found) => found.length > 0);
    expect(first).toEqual({ event: "runs", data: [
      { id: "group/newer", state: "running", step: 3, updated: expect.any(Number) }, { id: "older", state: "completed", step: 2, updated: expect.any(Number) },
    ] });
  });

  it("contain no run behind a link, and no deeply nested one", async () => {
    await record("a", [1]);
    symlinkSync(join(root, "elsewhere"), join(runs, "link"));
    mkdirSync(join(root, "elsewhere"));
    writeFileSync(join(root, "elsewhere/records.jsonl"), "");
    await record("1/2/3/4/5", [1]);
    const [first] = await events(server.address, "/api/events", (found) => found.length > 0);
    expect(first?.data).toMatchObject([{ id: "a" }]);
  });

  it("contain the records of the requested runs as they are written", async () => {
    await record("a", [1, 2]);
    await record("b", [7]);
    let isResumed = false;
    const found = await events(server.address, "/api/events?run=a@&run=b@", (known) => {
      if (!isResumed && stepsIn(known, "a").includes(2)) {
        isResumed = true;
        void record("a", [3], undefined, 2);
      }
      return stepsIn(known, "a").includes(3) && stepsIn(known, "b").includes(7);
    });
    expect(stepsIn(found, "a")).toEqual([1, 2, 3]);
    expect(stepsIn(found, "b")).toEqual([7]);
  });

  it("continue at a cursor", async () => {
    await record("a", [1, 2]);
    const [first] = recordsIn(await events(server.address, "/api/events?run=a@", (known) => stepsIn(known, "a").length === 2));
    await record("a", [3], undefined, 2);
    const found = await events(server.address, `/api/events?run=a@${first?.cursor}`, (known) => stepsIn(known, "a").length > 0);
    expect(stepsIn(found, "a")).toEqual([3]);
    expect((await request(server.address, "/api/events?run=a@../x")).status).toBe(400);
  });

  it("report that a run was started again", async () => {
    await record("a", [1, 2, 3]);
    let isResumed = false;
    const found = await events(server.address, "/api/events?run=a@", (known) => {
      if (!isResumed && stepsIn(known, "a").includes(3)) {
        isResumed = true;
        void record("a", [2, 4], undefined, 1);
      }
      return stepsIn(known, "a").includes(4);
    });
    expect(recordsIn(found).some(({ restarted }) => restarted)).toBe(true);
  });

  it("report once why a run cannot be read", async () => {
    mkdirSync(join(runs, "a"));
    writeFileSync(join(runs, "a/records.jsonl"), "a,b\n");
    const found = await events(server.address, "/api/events?run=a@", (known) => known.some(({ event }) => event === "problem"));
    expect(found.at(-1)).toMatchObject({ event: "problem", data: { run: "a", message: expect.stringContaining("the file holds no records") } });
  });
});

describe("a flush", () => {
  /** All that a page got of a stream until the server ended it. */
  function open(path: string): { readonly began: Promise<void>; readonly text: Promise<string> } {
    let begin: () => void = () => undefined;
    const began = new Promise<void>((resolve) => (begin = resolve));
    const text = new Promise<string>((resolve, reject) => {
      get(new URL(path, server.address), (response) => {
        let all = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          all += chunk;
          begin();
        });
        // The server ends the connection within its answer.
        response.on("error", () => undefined).on("close", () => resolve(all));
      }).on("error", reject);
    });
    return { began, text };
  }

  it("sends every page what there is, before the server ends", async () => {
    const recorder = new Recorder([await openRecordFile(join(runs, "a"))]);
    recorder.scalars(1, { loss: 1 });
    const pages = [open("/api/events?run=a@"), open("/api/events?run=a@"), open("/api/events")];
    await Promise.all(pages.map(({ began }) => began));
    recorder.scalars(2, { loss: 0.5 });
    recorder.status(2, "completed");
    recorder.close();
    await server.flush();
    await server.close();
    const [first = "", second = "", list = ""] = await Promise.all(pages.map(({ text }) => text));
    for (const text of [first, second]) {
      expect(text.match(/"step":\d,"time":\d+,"values"/g)).toHaveLength(2);
      expect(text).toMatch(/"state":"completed"/);
    }
    expect(list).toMatch(/"step":2,"state":"completed"/);
  });
});
