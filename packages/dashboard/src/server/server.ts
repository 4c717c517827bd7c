import { FileError } from "@nn/files";
import { UsageError } from "@nn/tensor";
import { messageOf } from "@nn/tensor/extend";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { stat } from "node:fs/promises";
import { builtPage, readPage } from "./page-files.js";
import { answer, type Site } from "./routes.js";
import { findRuns, type FoundRun } from "./runs.js";

/** How the server is started. */
export interface StartOptions {
  /** The folder of runs. */
  readonly folder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Who has it may pause, stop and save runs. Default: a random one. */
  readonly token?: string | undefined;
  /** The folder of the built page. */
  readonly page?: string | undefined;
}

/** A server that runs. */
export interface RunningServer {
  /** Where the page is, with the token. */
  readonly address: string;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/** For how long a list of runs is used again. */
const listAge = 1000;

/**
 * Starts the server on 127.0.0.1.
 * @throws FileError if the folder of runs, or the page, cannot be read.
 * @throws UsageError if the port is taken.
 */
export async function startServer({ folder, port, token = randomBytes(24).toString("base64url"), page = builtPage }: StartOptions): Promise<RunningServer> {
  await requireFolder(folder);
  const closing = new AbortController();
  const site: Site = { page: await readPage(page), token, runs: remembered(() => findRuns(folder)), closing: closing.signal, streams: { open: 0 } };
  const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => void respond(site, request, response));
  server.maxConnections = 200;
  const actual = await listen(server, port);
  return {
    address: `http://127.0.0.1:${actual}/#token=${token}`,
    close: async () => {
      closing.abort();
      server.close();
      server.closeAllConnections();
      await delay(0);
    },
  };
}

async function respond(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await answer(site, request, response);
  } catch (error) {
    // A run's folder may vanish while it is read. The page is told, and the server goes on.
    if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
    response.end(messageOf(error));
  }
}

async function requireFolder(folder: string): Promise<void> {
  try {
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (cause) {
    throw new FileError("serve", "read", folder, cause);
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen({ host: "127.0.0.1", port });
  try {
    await once(server, "listening");
  } catch (cause) {
    const taken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    throw new UsageError(`serve: cannot listen on port ${port}: ${taken ? "another program does; choose another, or none for a free one" : messageOf(cause)}`);
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new UsageError("serve: the server has no port");
  return address.port;
}

/** Looks at the disk again only after a while, however many pages ask. */
function remembered(find: () => Promise<readonly FoundRun[]>): () => Promise<readonly FoundRun[]> {
  let known: Promise<readonly FoundRun[]> | undefined;
  let at = -Infinity;
  return () => {
    if (known === undefined || performance.now() - at > listAge) {
      at = performance.now();
      // The folder may be gone for a moment.
      known = find().catch(() => []);
    }
    return known;
  };
}
