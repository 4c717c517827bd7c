import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { downloadFile, type DownloadOptions } from "../../src/index.js";
import { sendFile, serve, type Break, type TestServer } from "./server.js";

const content = new Uint8Array(randomBytes(200_000));
const sha256 = createHash("sha256").update(content).digest("hex");

let folder = "";
let servers: TestServer[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "download-"));
});

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  await rm(folder, { recursive: true });
});

async function start(...given: Parameters<typeof serve>): Promise<TestServer> {
  const server = await serve(...given);
  servers.push(server);
  return server;
}

function options(server: TestServer, more: Partial<DownloadOptions> = {}): DownloadOptions {
  return { urls: [`${server.url}/file`], path: join(folder, "deep/er/file"), sha256, retryDelay: 1, ...more };
}

async function message(promise: Promise<unknown>): Promise<string> {
  const text = await promise.then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);
  return text.replaceAll(/127\.0\.0\.1:\d+/g, "HOST").replaceAll(folder, "FOLDER");
}

describe("downloadFile", () => {
  it("creates the folder, stores the file, and requests it once", async () => {
    const server = await start((request, response) => sendFile(request, response, content));
    const progress: number[] = [];
    await downloadFile(options(server, { onProgress: (received, total) => progress.push(received / (total ?? 0)) }));
    expect(new Uint8Array(await readFile(join(folder, "deep/er/file")))).toEqual(content);
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBe(1);
    await downloadFile(options(server));
    expect(server.requests).toEqual(["/file"]);
    expect(await readdir(join(folder, "deep/er"))).toEqual(["file"]);
  });

  it("continues an interrupted transfer in the same call", async () => {
    const server = await start((request, response) => sendFile(request, response, content, { limit: 80_000, stored: join(folder, "deep/er/file.part") }));
    await downloadFile(options(server));
    expect(new Uint8Array(await readFile(join(folder, "deep/er/file")))).toEqual(content);
    expect(server.requests).toEqual(["/file", "/file bytes=80000-", "/file bytes=160000-"]);
  });

  it("continues an interrupted transfer in a later call", async () => {
    let broken: Break | undefined = { limit: 50_000, stored: join(folder, "deep/er/file.part") };
    const server = await start((request, response) => sendFile(request, response, content, broken));
    expect(await message(downloadFile(options(server, { attempts: 1 })))).toMatch(
      /^DownloadError: cannot download "FOLDER\/deep\/er\/file":\n {2}http:\/\/HOST\/file: the transfer broke off: .+$/,
    );
    expect(await readdir(join(folder, "deep/er"))).toEqual(["file.part"]);
    broken = undefined;
    await downloadFile(options(server));
    expect(server.requests).toEqual(["/file", "/file bytes=50000-"]);
    expect(new Uint8Array(await readFile(join(folder, "deep/er/file")))).toEqual(content);
  });

  it("finishes a complete transfer whose file was not yet renamed", async () => {
    const server = await start((request, response) => sendFile(request, response, content));
    await writeFile(join(folder, "file.part"), content);
    await downloadFile(options(server, { path: join(folder, "file") }));
    expect(server.requests).toEqual(["/file bytes=200000-"]);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it("starts again if the server cannot continue, or the part belongs to another file", async () => {
    const noRanges = await start((_, response) => response.writeHead(200, { "Content-Length": content.length }).end(content));
    await writeFile(join(folder, "file.part"), content.subarray(0, 1000));
    await downloadFile(options(noRanges, { path: join(folder, "file") }));
    expect(noRanges.requests).toHaveLength(1);
    const server = await start((request, response) => sendFile(request, response, content));
    for (const part of [new Uint8Array(1000), new Uint8Array(300_000)]) {
      await writeFile(join(folder, "other.part"), part);
      await rm(join(folder, "other"), { force: true });
      await downloadFile(options(server, { path: join(folder, "other") }));
      expect(new Uint8Array(await readFile(join(folder, "other")))).toEqual(content);
    }
  });

  it("refuses and removes a file with a wrong checksum", async () => {
    const server = await start((request, response) => sendFile(request, response, new TextEncoder().encode("something else")));
    expect(await message(downloadFile(options(server, { attempts: 2 })))).toBe(
      'DownloadError: cannot download "FOLDER/deep/er/file":\n  http://HOST/file: its SHA-256 checksum is ' +
        `${createHash("sha256").update("something else").digest("hex")}, expected ${sha256}; the file was removed`,
    );
    expect(await readdir(join(folder, "deep/er"))).toEqual([]);
  });

  it("replaces an existing file with a wrong checksum", async () => {
    const server = await start((request, response) => sendFile(request, response, content));
    await writeFile(join(folder, "file"), "old");
    await downloadFile(options(server, { path: join(folder, "file") }));
    expect(new Uint8Array(await readFile(join(folder, "file")))).toEqual(content);
  });

  it("tries the next mirror, and asks a mirror without the file only once", async () => {
    const lacking = await start((_, response) => response.writeHead(404).end("nothing here"));
    const busy = await start((_, response) => response.writeHead(503).end());
    const having = await start((request, response) => sendFile(request, response, content));
    const urls = [lacking, busy].map(({ url }) => `${url}/file`);
    await downloadFile(options(having, { urls: [...urls, `${having.url}/file`] }));
    expect([lacking, busy, having].map(({ requests }) => requests.length)).toEqual([1, 1, 1]);
    await rm(join(folder, "deep"), { recursive: true });
    expect(await message(downloadFile(options(having, { urls })))).toMatchInlineSnapshot(`
      "DownloadError: cannot download "FOLDER/deep/er/file":
        http://HOST/file: the server answers 404 Not Found; there is no such file
        http://HOST/file: the server answers 503 Service Unavailable"
    `);
    expect([lacking, busy].map(({ requests }) => requests.length)).toEqual([2, 4]);
  });

  it("reports a server that cannot be reached", async () => {
    const server = await serve(() => undefined);
    await server.close();
    expect(await message(downloadFile(options(server, { attempts: 1 })))).toMatch(/http:\/\/HOST\/file: the server cannot be reached: .*ECONNREFUSED/);
  });

  it("gives up on a server that stops sending", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const server = await start((_, response) => {
      response.writeHead(200, { "Content-Length": content.length }).write(content.subarray(0, 100));
    });
    // The clock goes on when the bytes are there: past the check that they pass, to one that has nothing new.
    const onProgress = (received: number): void => {
      if (received === 100) setImmediate(() => vi.advanceTimersByTime(60_000));
    };
    expect(await message(downloadFile(options(server, { attempts: 1, minimumRate: 1, onProgress })))).toContain("http://HOST/file: no data came for 30 s");
  });

  it("ends when its signal is aborted", async () => {
    const controller = new AbortController();
    const server = await start((_, response) => {
      response.writeHead(200, { "Content-Length": content.length }).write(content.subarray(0, 100));
    });
    const onProgress = (received: number): void => {
      if (received > 0) controller.abort(new Error("enough"));
    };
    expect(await message(downloadFile(options(server, { signal: controller.signal, onProgress })))).toBe("Error: enough");
    expect(server.requests).toHaveLength(1);
  });

  it("reports a file that cannot be stored", async () => {
    const server = await start((request, response) => sendFile(request, response, content));
    await writeFile(join(folder, "file"), "");
    expect(await message(downloadFile(options(server, { path: join(folder, "file/inside") })))).toMatch(
      /^FileError: downloadFile: cannot (read|write) "FOLDER\/file\/inside": a part of the path is a file, expected a folder$/,
    );
    expect(await message(downloadFile(options(server, { urls: [] })))).toBe("ArgumentError: downloadFile: urls is empty, expected at least one");
  });

  it("refuses a file over the limit, announced or not, and leaves nothing behind", async () => {
    let sent = 0;
    const announced = await start((request, response) => sendFile(request, response, content));
    const endless = await start((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        sent++;
        if (response.writable && !response.destroyed) response.write(content, () => setImmediate(more));
      };
      more();
    });
    for (const [server, found] of [[announced, "200000 bytes"], [endless, "more"]] as const) {
      expect(await message(downloadFile(options(server, { maxBytes: 100_000 })))).toContain(`the server sends ${found}, expected at most 100000 bytes (maxBytes); nothing was kept`);
      expect(await readdir(join(folder, "deep/er"))).toEqual([]);
      // To try again is of no use.
      expect(server.requests).toHaveLength(1);
    }
    expect(sent).toBeLessThan(1000);
    await downloadFile(options(announced, { maxBytes: 200_000 }));
    expect(new Uint8Array(await readFile(join(folder, "deep/er/file")))).toEqual(content);
  });

  it("gives up on a server that sends too slowly", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const server = await start((_, response) => {
      response.writeHead(200).write(content.subarray(0, 100));
    });
    const onProgress = (received: number): void => {
      if (received === 100) setImmediate(() => vi.advanceTimersByTime(400));
    };
    const given = options(server, { attempts: 1, idleTimeout: 400, minimumRate: 1e6, onProgress });
    expect(await message(downloadFile(given))).toContain("only 100 bytes came in 0.4 s, expected at least 400000 (minimumRate)");
  });

  it("keeps the old file until the new one is complete", async () => {
    const server = await start((_, response) => response.writeHead(404).end());
    await writeFile(join(folder, "file"), "the user's own");
    expect(await message(downloadFile(options(server, { path: join(folder, "file") })))).toContain("404");
    expect(await readFile(join(folder, "file"), "utf8")).toBe("the user's own");
  });

  it("escapes control characters of a status text", async () => {
    const server = await start((_, response) => {
      // The bytes of U+202E and U+009B in UTF-8.
      response.statusMessage = "Gone\u00e2\u0080\u00ae\u00c2\u009b2J";
      response.writeHead(410).end();
    });
    expect(await message(downloadFile(options(server)))).toContain("the server answers 410 Gone\\u202e\\u009b2J");
  });

  it("refuses wrong arguments by name", async () => {
    const given = { urls: ["http://localhost:1/"], path: join(folder, "x"), sha256 };
    for (const [wrong, expected] of [
      [{ urls: "http://x" }, "downloadFile: urls is the string \"http://x\", expected an array"], [{ urls: [5] }, "downloadFile: urls[0] is 5, expected a string"],
      [{ sha256: "abc" }, "downloadFile: sha256 is the string \"abc\", expected 64 hexadecimal digits"], [{ path: undefined }, "downloadFile: path is undefined, expected a string"],
      [{ attempts: 0 }, "downloadFile: attempts is 0, expected a positive whole number"], [{ timeout: 5 }, 'downloadFile: there is no option "timeout"'],
      [{ signal: {} }, "downloadFile: signal is an object, expected an AbortSignal"],
    ] as const) expect(await message(downloadFile({ ...given, ...wrong } as never))).toContain(expected);
    expect(await message(downloadFile(null as never))).toContain("downloadFile: the options are null");
  });
});
