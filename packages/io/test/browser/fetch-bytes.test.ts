import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fetchBytes, type ByteStorage } from "../../src/browser/index.js";

const content = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7) % 251);

/** A storage like those of a browser. */
function memory(): ByteStorage & { readonly items: Map<string, Uint8Array> } {
  const items = new Map<string, Uint8Array>();
  return {
    items,
    read: async (name) => items.get(name)?.slice(),
    write: async (name, bytes) => void items.set(name, bytes.slice()),
    remove: async (name) => void items.delete(name),
    list: async () => [...items.keys()],
    lock: async () => async () => undefined,
  };
}

/** What the server does with each request, in order; the last one also with all further ones. */
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let answers: Answer[] = [];
let ranges: (string | undefined)[] = [];
let url = "";

beforeEach(async () => {
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model`;
});
afterEach(() => new Promise<void>((resolve) => {
  server.closeAllConnections();
  server.close(() => resolve());
}));

/** Sends what is asked for, but only the first `limit` bytes of it before the connection breaks. */
const sends = (bytes: Uint8Array, { limit = Infinity, tag = '"1"' }: { readonly limit?: number; readonly tag?: string } = {}): Answer => (request, response) => {
  const start = request.headers["if-range"] === tag && tag !== "" ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0) : 0;
  const rest = bytes.subarray(start);
  const headers = { ...(tag === "" ? {} : { etag: tag }), "content-length": rest.length, ...(start > 0 ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}) };
  response.writeHead(start > 0 ? 206 : 200, headers);
  if (limit >= rest.length) response.end(rest);
  else response.write(rest.subarray(0, limit), () => setTimeout(() => response.destroy(), 20));
};

const refuses = (status: number): Answer => (_, response) => void response.writeHead(status).end("no");

describe("a file is fetched whole", () => {
  test("with its progress", async () => {
    answers = [sends(content)];
    const seen: [number, number | undefined][] = [];
    expect(await fetchBytes(url, { onProgress: ({ received, total }) => seen.push([received, total]) })).toEqual(content);
    expect(seen[0]).toEqual([0, 5000]);
    expect(seen.at(-1)).toEqual([5000, 5000]);
  });

  test("and goes on where it was interrupted", async () => {
    answers = [sends(content, { limit: 1000 }), sends(content, { limit: 500 }), sends(content)];
    expect(await fetchBytes(new URL(url))).toEqual(content);
    expect(ranges).toEqual([undefined, "bytes=1000-", "bytes=1500-"]);
  });

  test("and begins anew if the file has changed", async () => {
    const other = content.toReversed();
    answers = [sends(content, { limit: 1000 }), sends(other, { tag: '"2"' })];
    expect(await fetchBytes(url)).toEqual(other);
  });

  test("and begins anew if the server does not say which version it sends, or has no ranges", async () => {
    answers = [sends(content, { limit: 1000, tag: "" }), sends(content, { tag: "" })];
    expect(await fetchBytes(url)).toEqual(content);
    expect(ranges).toEqual([undefined, undefined]);
    answers = [sends(content, { limit: 1000 }), (_, response) => void response.writeHead(200, { etag: '"1"' }).end(content)];
    expect(await fetchBytes(url)).toEqual(content);
  });

  test("though the server is busy at first", async () => {
    answers = [refuses(503), sends(content)];
    expect(await fetchBytes(url)).toEqual(content);
  });

  test("also an empty one", async () => {
    answers = [sends(new Uint8Array(0))];
    expect(await fetchBytes(url)).toEqual(new Uint8Array(0));
  });
});

describe("parts in a storage", () => {
  test("let a later call go on, and are removed when the file is complete", async () => {
    const parts = memory();
    answers = [sends(content, { limit: 3000 }), refuses(404)];
    await expect(fetchBytes(url, { parts })).rejects.toThrow("HTTP 404");
    expect([...parts.items.keys()]).toEqual([`${url} part 0`, `${url} parts`]);
    answers = [sends(content)];
    expect(await fetchBytes(url, { parts })).toEqual(content);
    expect(ranges).toEqual([undefined, "bytes=3000-", "bytes=3000-"]);
    expect(parts.items.size).toBe(0);
  });

  test("of another version are dropped", async () => {
    const parts = memory();
    answers = [sends(content, { limit: 3000 }), refuses(404)];
    await expect(fetchBytes(url, { parts })).rejects.toThrow("HTTP 404");
    const other = content.toReversed();
    answers = [sends(other, { tag: '"2"' })];
    expect(await fetchBytes(url, { parts })).toEqual(other);
    expect(parts.items.size).toBe(0);
  });

  test("that are damaged are dropped", async () => {
    const parts = memory();
    parts.items.set(`${url} parts`, new TextEncoder().encode("{"));
    answers = [sends(content)];
    expect(await fetchBytes(url, { parts })).toEqual(content);
    parts.items.set(`${url} parts`, new TextEncoder().encode(JSON.stringify({ validator: '"1"', parts: 2, total: 5000 })));
    expect(await fetchBytes(url, { parts })).toEqual(content);
  });
});

describe("fails", () => {
  test("if the server refuses", async () => {
    answers = [refuses(404)];
    await expect(fetchBytes(url)).rejects.toThrow(`${url}: the server answers HTTP 404 (Not Found), expected the file`);
  });

  test("if the transfer is interrupted too often", async () => {
    answers = [sends(content, { limit: 1000 }), sends(content, { limit: 0 })];
    await expect(fetchBytes(url, { retries: 1 })).rejects.toThrow("the transfer was interrupted after 1000 bytes, 2 times in a row");
  });

  test("if it is ended, and keeps the parts", async () => {
    const ending = new AbortController();
    const parts = memory();
    answers = [(_, response) => void response.writeHead(200, { etag: '"1"', "content-length": 5000 }).write(content.subarray(0, 100))];
    const fetching = fetchBytes(url, { signal: ending.signal, parts, onProgress: ({ received }) => received > 0 && ending.abort(new Error("enough")) });
    await expect(fetching).rejects.toThrow("enough");
    expect(parts.items.has(`${url} parts`)).toBe(true);
  });

  test("if a range is another one", async () => {
    answers = [sends(content, { limit: 1000 }), (_, response) => void response.writeHead(206, { "content-range": "bytes 5-4999/5000" }).end(content.subarray(5))];
    await expect(fetchBytes(url)).rejects.toThrow("the server sends another range, bytes 5-4999/5000, expected the bytes from 1000 on");
  });

  test("for what is not an address", async () => {
    await expect(fetchBytes("model")).rejects.toThrow('fetchBytes: "model" is not an address');
  });

  test.each([[{ retries: -1 }, "retries"], [{ signal: {} }, "signal is an object, expected an AbortSignal"], [{ onprogress: 1 }, "onprogress"]])("for %o", async (options, message) => {
    await expect(fetchBytes(url, options as never)).rejects.toThrow(message);
  });
});
