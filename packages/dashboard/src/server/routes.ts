import type { RunCommand } from "@nn/records";
import { RecordFollower, sendCommand } from "@nn/records/node";
import { ArgumentError } from "@nn/tensor";
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendEvents } from "./event-stream.js";
import type { PageFile } from "./page-files.js";
import type { FoundRun } from "./runs.js";
import { hasToken, refusalOf, securityHeaders } from "./security.js";

/** What requests are answered from. */
export interface Site {
  readonly page: ReadonlyMap<string, PageFile>;
  readonly token: string;
  readonly runs: () => Promise<readonly FoundRun[]>;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  readonly streams: { open: number };
}

/** At most this many pages are kept up to date, each with this many runs; a command takes no more bytes than that. */
const most = { streams: 50, runs: 50, body: 1000 };

const commands: readonly RunCommand[] = ["pause", "resume", "stop", "save"];

/** Answers a request: a file of the page, `GET /api/events?run=…`, or `POST /api/command?run=…`. */
export async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = refusalOf(request);
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
  for (const each of query.getAll("run").slice(0, most.runs)) {
    // A cursor has no `@`; the name of a run may.
    const [, id = each, cursor] = /^(.*)@([^@]*)$/.exec(each) ?? [];
    if (cursor !== undefined && cursor !== "" && !isCursor(cursor)) return end(response, 400, "a cursor is none");
    followed.set(id, cursor === "" ? undefined : cursor);
  }
  if (site.streams.open >= most.streams) return end(response, 503, "too many pages are open");
  const gone = new AbortController();
  request.socket.once("close", () => gone.abort());
  site.streams.open += 1;
  try {
    response.writeHead(200, { ...securityHeaders, "content-type": "text/event-stream; charset=utf-8" });
    response.flushHeaders();
    await sendEvents(response, followed, site.runs, AbortSignal.any([gone.signal, site.closing]));
    response.end();
  } finally {
    site.streams.open -= 1;
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
  if (request.headers["content-type"] !== "application/json") return end(response, 415, "expected application/json");
  const body = await bodyOf(request);
  const asked = commands.find((each) => body === JSON.stringify({ command: each }));
  if (asked === undefined) return end(response, 400, `expected {"command":"${commands.join('" | "')}"}`);
  const id = query.get("run");
  const run = (await site.runs()).find(({ summary }) => summary.id === id);
  if (run === undefined) return end(response, 404, "there is no such run");
  if (run.summary.state !== "running" && run.summary.state !== "paused") return end(response, 409, `the run is ${run.summary.state}`);
  await sendCommand(run.folder, asked);
  end(response, 202, "sent");
}

/** The text of a request; an empty one if it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > most.body) return "";
  }
  return text;
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...securityHeaders, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
