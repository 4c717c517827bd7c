import { FileError } from "@nn/files";
import { UsageError } from "@nn/tensor";
import { messageOf } from "@nn/tensor/extend";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { stat } from "node:fs/promises";
import { builtPage, readPage } from "./page-files.js";
import { answer, end, type Site } from "./routes.js";
import type { ListRuns } from "./event-stream.js";
import { RunFinder, type FoundRun } from "./runs.js";

/** Options of the server. */
export interface StartOptions {
  /** The folder of runs. */
  readonly folder: string;
  /** The port; 0 for a free one. */
  readonly port: number;
  /** The token that allows to pause, stop and save runs. Default: a random one. */
  readonly token?: string | undefined;
  /** The folder of the built page. */
  readonly page?: string | undefined;
  /** Milliseconds without progress after which a connection is closed, so that a page that stopped reading keeps no resources. */
  readonly idle?: number | undefined;
  /** The largest number of pages that get events at the same time. */
  readonly streams?: number | undefined;
}

/** A running server. */
export interface RunningServer {
  /** The address of the page, with the token. */
  readonly address: string;
  /** Sends all records so far to every open page. Resolves when the operating system has accepted them, or after a second for a page that does not read. */
  flush(): Promise<void>;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/** The time for which a list of runs is reused, and the most time that a flush waits for pages, in milliseconds. */
const most = { listAge: 1000, flushing: 1000 };

/**
 * Starts the server on 127.0.0.1.
 * @throws FileError if the folder of runs, or the page, cannot be read.
 * @throws UsageError if the port is taken.
 */
export async function startServer({ folder, port, token = randomBytes(24).toString("base64url"), page = builtPage, idle = 60_000, streams = 50 }: StartOptions): Promise<RunningServer> {
  await requireFolder(folder);
  const closing = new AbortController();
  const finder = new RunFinder(folder);
  const site: Site = { page: await readPage(page), token, runs: remembered(() => finder.find()), closing: closing.signal, streams: { open: new Map(), most: streams } };
  const limits = { maxHeaderSize: 64 * 1024, requestTimeout: 10_000, headersTimeout: 10_000, connectionsCheckingInterval: 5000 };
  const server = createServer(limits, (request, response) => void respond(site, request, response));
  server.maxConnections = 200;
  server.setTimeout(idle);
  const actual = await listen(server, port);
  // A connection that cannot be taken, for want of file descriptors, must not end the run.
  server.on("error", () => undefined);
  return {
    address: `http://127.0.0.1:${actual}/#token=${token}`,
    flush: async () => {
      const flushed = [...site.streams.open.values()].map((stream) => stream.flush().catch(() => undefined));
      await Promise.race([Promise.all(flushed), delay(most.flushing, undefined, { ref: false })]);
    },
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
    // A page that has gone needs no answer.
    if (request.destroyed && request.socket.destroyed) return;
    // A run's folder may vanish while it is read. The page is notified, and the server continues.
    if (response.headersSent) response.destroy();
    else end(response, 500, error instanceof FileError ? `a file of the run cannot be used (${error.code ?? "for an unknown reason"})` : "the server has a fault");
    if (!(error instanceof FileError)) globalThis.process.emitWarning(error instanceof Error ? error : messageOf(error));
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

/** Reads the disk again only after {@link most}`.listAge`, however many pages request the list. */
function remembered(find: () => Promise<readonly FoundRun[]>): ListRuns {
  let known: Promise<readonly FoundRun[]> | undefined;
  let at = -Infinity;
  return (fresh = false) => {
    if (fresh || known === undefined || performance.now() - at > most.listAge) {
      at = performance.now();
      // The folder may be gone for a moment.
      known = find().catch(() => []);
    }
    return known;
  };
}
