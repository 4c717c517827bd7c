import type { RunCommand } from "@nn/records";
import { RecordFollower, sendCommand } from "@nn/records/node";
import { ArgumentError } from "@nn/tensor";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { EventStream, type ListRuns } from "./event-stream.js";
import { mostRuns } from "../limits.js";
import { loopbackRefusal } from "../loopback.js";
import type { PageFile } from "./page-files.js";
import { hasToken, securityHeaders } from "./security.js";

/** The data for answering requests. */
export interface Site {
  readonly page: ReadonlyMap<string, PageFile>;
  readonly token: string;
  readonly runs: ListRuns;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  /** The streams of events by their connections, and their largest number. */
  readonly streams: { readonly open: Map<Socket, EventStream>; readonly most: number };
}

/** The most characters of a command. */
const longestBody = 1000;

/** The seconds after which a refused page may try again. */
const retryAfter = "5";

const commands: readonly RunCommand[] = ["pause", "resume", "stop", "save"];

/** Answers a request: a file of the page, `GET /api/events?run=…`, or `POST /api/command?run=…`. */
export async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = loopbackRefusal(request);
  if (refusal !== undefined) return end(response, 403, refusal);
  const target = request.url ?? "";
  if (!URL.canParse(target, "http://127.0.0.1")) return end(response, 400, "the address is none");
  const url = new URL(target, "http://127.0.0.1");
  const route = `${request.method} ${url.pathname}`;
  if (route === "GET /api/events") return events(site, url.searchParams, request, response);
  if (route === "POST /api/command") return command(site, url.searchParams, request, response);
  const file = site.page.get(url.pathname);
  if (file === undefined) return end(response, 404, "there is no such page");
  if (request.method !== "GET" && request.method !== "HEAD") return end(response, 405, "the page can only be read");
  response.writeHead(200, { ...securityHeaders, "content-type": file.type, "content-length": file.content.length });
  response.end(request.method === "HEAD" ? undefined : file.content);
}

async function events(site: Site, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const followed = new Map<string, string | undefined>();
  const asked = query.getAll("run");
  if (asked.length > mostRuns) return end(response, 400, `${asked.length} runs are asked for, expected at most ${mostRuns}`);
  for (const each of asked) {
    // A cursor has no `@`; the name of a run may.
    const [, id = each, cursor] = /^(.*)@([^@]*)$/.exec(each) ?? [];
    if (cursor !== undefined && cursor !== "" && !isCursor(cursor)) return end(response, 400, "a cursor is none");
    followed.set(id, cursor === "" ? undefined : cursor);
  }
  // Requests may come one after the other on one connection, without waiting for answers; the first stream never ends.
  const { socket } = request;
  const { open, most } = site.streams;
  if (open.has(socket)) return end(response, 503, "this connection has a stream of events already", { "retry-after": retryAfter });
  if (open.size >= most) return end(response, 503, `${most} pages are open already; close one`, { "retry-after": retryAfter });
  const gone = new AbortController();
  const stream = new EventStream(response, followed, site.runs, AbortSignal.any([gone.signal, site.closing]));
  open.set(socket, stream);
  socket.once("close", () => gone.abort());
  try {
    response.writeHead(200, { ...securityHeaders, "content-type": "text/event-stream; charset=utf-8", connection: "close" });
    response.flushHeaders();
    await stream.run();
    response.end();
  } finally {
    open.delete(socket);
  }
}

function isCursor(cursor: string): boolean {
  try {
    return new RecordFollower("", { cursor }).cursor === cursor;
  } catch (error) {
    if (error instanceof ArgumentError) return false;
    throw error;
  }
}

async function command(site: Site, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!hasToken(request, site.token)) return end(response, 401, "the token is missing or wrong; open the address that the terminal shows");
  if (!/^application\/json\s*(;|$)/i.test(request.headers["content-type"] ?? "")) return end(response, 415, "expected application/json");
  const body = await bodyOf(request);
  if (body === undefined) return end(response, 413, `expected at most ${longestBody} characters`, { connection: "close" });
  const asked = commands.find((each) => body === JSON.stringify({ command: each }));
  if (asked === undefined) return end(response, 400, `expected {"command":"${commands.join('" | "')}"}`);
  const id = query.get("run");
  const run = (await site.runs()).find(({ summary }) => summary.id === id);
  if (run === undefined) return end(response, 404, "there is no such run");
  if (run.summary.state !== "running" && run.summary.state !== "paused") return end(response, 409, `the run is ${run.summary.state}`);
  await sendCommand(run.folder, asked);
  end(response, 202, "sent");
}

/** The text of a request; `undefined` if it is too long. The rest is not read. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.length > longestBody) return undefined;
  }
  return text;
}

/** Answers with a text. */
export function end(response: ServerResponse, status: number, text: string, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { ...securityHeaders, "content-type": "text/plain; charset=utf-8", ...headers });
  response.end(`${text}\n`);
}
