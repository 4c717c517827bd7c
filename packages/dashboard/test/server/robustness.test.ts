import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as send, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { Recorder, type RunRecord } from "@nn/records";
import { openRecordFile } from "@nn/records/node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startServer, type RunningServer } from "../../src/server/server.js";
import { events, request } from "../request.js";

let root = "";
let runs = "";
let page = "";
let server: RunningServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "nn-robust-"));
  [runs, page] = [join(root, "runs"), join(root, "page")];
  mkdirSync(runs);
  mkdirSync(page);
  for (const name of ["index.html", "page.js", "page.css"]) writeFileSync(join(page, name), "the page");
  server = await startServer({ folder: runs, port: 0, token: "token", page });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
  rmSync(root, { recursive: true });
});

const portOf = ({ address }: RunningServer): number => Number(new URL(address).port);

/** A connection that sends a text as it stands. */
function raw(text: string, to = server): Socket {
  const socket = connect(portOf(to), "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.write(text);
  return socket;
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;

/** Opens a page's stream of events, and waits until it has begun. */
async function openStream(): Promise<Socket> {
  const socket = raw(get("/api/events"));
  const [first] = (await once(socket, "data")) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
  return socket;
}

/** The status with which a stream begins. */
async function streamStatus(from: RunningServer): Promise<number> {
  const sent = send({ hostname: "127.0.0.1", port: portOf(from), path: "/api/events" });
  sent.on("error", () => undefined);
  sent.end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  sent.destroy();
  return response.statusCode ?? 0;
}

async function record(name: string, records: readonly RunRecord[]): Promise<void> {
  const recorder = new Recorder([await openRecordFile(join(runs, name))]);
  for (const each of records) recorder.write(each);
  recorder.close();
}

const command = (run: string, { body = '{"command":"stop"}', ...headers }: Record<string, string> = {}) =>
  request(server.address, `/api/command?run=${run}`, { method: "POST", headers: { "content-type": "application/json", authorization: "Bearer token", ...headers }, body });

const running: RunRecord = { type: "status", step: 3, time: 0, state: "running" };
const listed = async (): Promise<unknown> => (await events(server.address, "/api/events", (found) => found.length > 0))[0]?.data;

describe("many pages", () => {
  it("on one connection count as one", async () => {
    const socket = raw(get("/api/events").repeat(60));
    await once(socket, "data");
    expect((await events(server.address, "/api/events", (found) => found.length > 0)).length).toBeGreaterThan(0);
  });

  it("that are too many are told why, and one that is closed makes room", async () => {
    const open = await Promise.all(Array.from({ length: 50 }, openStream));
    const refused = await request(server.address, "/api/events");
    expect(refused).toMatchObject({ status: 503, body: "50 pages are open already; close one\n", headers: { "retry-after": "5", "x-content-type-options": "nosniff" } });
    expect((await request(server.address, "/")).status).toBe(200);
    open[0]?.destroy();
    await expect.poll(() => streamStatus(server), { timeout: 20_000 }).toBe(200);
  });

  it("may not ask for more runs than are shown", async () => {
    const query = Array.from({ length: 51 }, (_, at) => `run=${at}`).join("&");
    expect(await request(server.address, `/api/events?${query}`)).toMatchObject({ status: 400, body: "51 runs are asked for, expected at most 50\n" });
  });
});

describe("a page that reads no more", () => {
  it("is let go, whatever waits for it", async () => {
    const impatient = await startServer({ folder: runs, port: 0, token: "token", page, idle: 300, streams: 1 });
    try {
      // More than the buffers of the system take.
      await record("large", Array.from({ length: 6 }, (_, step) => ({ type: "text", step, time: 0, name: "text", text: "x".repeat(3_900_000) })));
      const socket = raw(get("/api/events?run=large@"), impatient);
      await once(socket, "data");
      socket.pause();
      await expect.poll(() => streamStatus(impatient), { timeout: 20_000 }).toBe(200);
    } finally {
      await impatient.close();
    }
  });
});

describe("a command", () => {
  it("that is too long is refused before it has come", async () => {
    await record("a", [running]);
    expect(await command("a", { body: JSON.stringify({ command: "x".repeat(2000) }) })).toMatchObject({ status: 413, body: "expected at most 1000 characters\n" });
    const socket = raw("POST /api/command?run=a HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n");
    socket.write("x".repeat(5000));
    let answer = "";
    socket.on("data", (chunk: Buffer) => { answer += chunk.toString(); });
    await once(socket, "close");
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("that breaks off is not complained about", async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", onWarning);
    try {
      const socket = raw('POST /api/command?run=a HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer token\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"com');
      await once(socket, "connect");
      expect((await request(server.address, "/")).status).toBe(200);
      socket.destroy();
      await once(socket, "close");
      // The server has its turn.
      for (let turn = 0; turn < 5; turn++) expect((await request(server.address, "/")).status).toBe(200);
      expect(warnings).toEqual([]);
    } finally {
      process.off("warning", onWarning);
    }
  });

  it("may name its encoding, and have bytes that are no text", async () => {
    await record("a", [running]);
    expect((await command("a", { "content-type": "application/json; charset=utf-8" })).status).toBe(202);
    expect((await command("a", { "content-type": "application/jsonp" })).status).toBe(415);
    expect((await command("a", { body: "\u0000\ufffd" })).status).toBe(400);
    expect((await command("%ff%00")).status).toBe(404);
  });

  it("that cannot be written is an answer with all headers, and without the path", async () => {
    await record("a", [running]);
    mkdirSync(join(runs, "a/commands.txt"));
    const { status, headers, body } = await command("a");
    expect([status, body]).toEqual([500, "a file of the run cannot be used (EISDIR)\n"]);
    expect(headers).toMatchObject({ "content-security-policy": expect.stringContaining("default-src 'none'"), "x-content-type-options": "nosniff", "cache-control": "no-store" });
  });
});

describe("the list of runs", () => {
  it("has the step of a last record of any size", async () => {
    await record("a", [{ type: "text", step: 7, time: 0, name: "text", text: "x".repeat(300_000) }]);
    await record("b", [{ type: "text", step: 8, time: 0, name: "text", text: "x".repeat(3_000_000) }]);
    expect(await listed()).toMatchObject([{ id: "b", step: 8, state: "running" }, { id: "a", step: 7, state: "running" }]);
  });

  it("says which runs were killed", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const identities: Readonly<Record<string, object>> = { killed: { host: hostname(), pid }, alive: { host: hostname(), pid: process.pid }, elsewhere: { host: "elsewhere", pid } };
    for (const [name, identity] of Object.entries(identities)) {
      await record(name, [running]);
      writeFileSync(join(runs, name, "records.lock"), JSON.stringify(identity));
    }
    await record("done", [{ ...running, state: "completed" }]);
    writeFileSync(join(runs, "done/records.lock"), JSON.stringify(identities["killed"]));
    const states = ((await listed()) as { id: string; state: string }[]).map(({ id, state }) => [id, state]);
    expect(Object.fromEntries(states)).toEqual({ killed: "killed", alive: "running", elsewhere: "running", done: "completed" });
    expect(await command("killed")).toMatchObject({ status: 409, body: "the run is killed\n" });
  });

  it("follows a run that is resumed", async () => {
    await record("a", [running]);
    expect(await listed()).toMatchObject([{ step: 3 }]);
    const recorder = new Recorder([await openRecordFile(join(runs, "a"), { resumeFrom: 3 })]);
    recorder.status(9, "completed");
    recorder.close();
    await expect.poll(listed, { timeout: 10_000 }).toMatchObject([{ step: 9, state: "completed" }]);
  });
});

it("no problem of a run tells where its folder is", async () => {
  mkdirSync(join(runs, "group/a"), { recursive: true });
  writeFileSync(join(runs, "group/a/records.jsonl"), "a,b\n");
  const found = await events(server.address, "/api/events?run=group%2Fa@", (known) => known.some(({ event }) => event === "problem"));
  expect(found.at(-1)?.data).toEqual({ run: "group/a", message: expect.stringMatching(/^group\/a\/records\.jsonl: the first line is not/) });
});
