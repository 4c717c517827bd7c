import { FileError } from "@nn/files";
import { encodeRecord, RecordError } from "@nn/records";
import { RecordFollower } from "@nn/records/node";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FoundRun } from "./runs.js";

/** How often files are looked at, and how often the list of runs, in milliseconds. */
const interval = { records: 300, runs: 1500, heartbeat: 15_000 };

/** What the stream follows: the ids of runs, each with the cursor from which on. */
export type Followed = ReadonlyMap<string, string | undefined>;

/**
 * Sends server-sent events until the page goes away: `runs`, the list of runs, whenever it changes; `records`, new records of the followed
 * runs; `problem`, why a run cannot be read.
 */
export async function sendEvents(response: ServerResponse, followed: Followed, list: () => Promise<readonly FoundRun[]>, signal: AbortSignal): Promise<void> {
  const stream = new EventStream(response, signal);
  const followers = new Map<string, { readonly follower: RecordFollower; problem: string | undefined }>();
  let runs: readonly FoundRun[] = [];
  let [listedAt, beatAt, listed] = [-Infinity, performance.now(), ""];
  while (!stream.ended) {
    const now = performance.now();
    if (now - listedAt >= interval.runs) {
      listedAt = now;
      runs = await list();
      const text = JSON.stringify(runs.map(({ summary }) => summary));
      if (text !== listed) await stream.send("runs", (listed = text));
    }
    for (const [id, cursor] of followed) {
      const folder = runs.find(({ summary }) => summary.id === id)?.folder;
      if (folder === undefined) continue;
      const entry = followers.get(id) ?? { follower: new RecordFollower(folder, cursor === undefined ? {} : { cursor }), problem: undefined };
      followers.set(id, entry);
      entry.problem = await sendRecords(stream, { id, folder }, entry.follower, entry.problem);
    }
    if (now - beatAt >= interval.heartbeat) {
      beatAt = now;
      await stream.write(": still here\n\n");
    }
    await delay(interval.records, undefined, { signal }).catch(() => undefined);
  }
}

/** Sends what is new of a run. Returns why it cannot be read, which is sent once. */
async function sendRecords(stream: EventStream, run: { readonly id: string; readonly folder: string }, follower: RecordFollower, known: string | undefined): Promise<string | undefined> {
  try {
    for (let more = true; more && !stream.ended; ) {
      const found = await follower.read();
      more = found.more;
      if (found.records.length === 0 && !found.restarted) continue;
      const head = JSON.stringify({ run: run.id, restarted: found.restarted, cursor: follower.cursor });
      await stream.send("records", `${head.slice(0, -1)},"records":[${found.records.map((record) => encodeRecord(record)).join(",")}]}`);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof RecordError || error instanceof FileError)) throw error;
    // Pages do not learn the path of the folder.
    const message = error.message.replaceAll(run.folder, run.id);
    if (message !== known) await stream.send("problem", JSON.stringify({ run: run.id, message }));
    return message;
  }
}

/** A response that takes events, and waits for a page that reads slowly. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;

  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
  }

  get ended(): boolean {
    return this.#signal.aborted;
  }

  async send(event: string, data: string): Promise<void> {
    await this.write(`event: ${event}\ndata: ${data}\n\n`);
  }

  async write(text: string): Promise<void> {
    if (this.ended || this.#response.write(text)) return;
    await once(this.#response, "drain", { signal: this.#signal }).catch(() => undefined);
  }
}
