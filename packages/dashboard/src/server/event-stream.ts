import { FileError } from "@nn/files";
import { encodeRecord, RecordError } from "@nn/records";
import { RecordFollower } from "@nn/records/node";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { FoundRun } from "./runs.js";

/** The intervals at which files are checked, the list of runs is checked, and a heartbeat is sent, in milliseconds. */
const interval = { records: 300, runs: 1500, heartbeat: 15_000 };

/** The runs that the stream follows: their ids, each with the cursor to start from. */
export type Followed = ReadonlyMap<string, string | undefined>;

/** Finds the runs. With `fresh`, it reads the disk even if a recent list is known. */
export type ListRuns = (fresh?: boolean) => Promise<readonly FoundRun[]>;

/**
 * Server-sent events for a page: `runs`, the list of runs, whenever it changes; `records`, new records of the followed runs; `problem`, why a run cannot be
 * read.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #followed: Followed;
  readonly #list: ListRuns;
  readonly #signal: AbortSignal;
  readonly #followers = new Map<string, { readonly follower: RecordFollower; problem: string | undefined }>();
  #runs: readonly FoundRun[] = [];
  /** The list of runs that was sent last, as text, and when it was read. */
  #sent = { text: "", at: -Infinity };
  #beatAt = performance.now();
  /** The check of the files that began last. */
  #look: Promise<void> = Promise.resolve();

  /** @param signal - aborted when the page goes away, or the server ends. */
  constructor(response: ServerResponse, followed: Followed, list: ListRuns, signal: AbortSignal) {
    this.#response = response;
    this.#followed = followed;
    this.#list = list;
    this.#signal = signal;
  }

  /** Sends events until the page goes away. */
  async run(): Promise<void> {
    while (!this.#ended) {
      await this.#sendNews();
      await delay(interval.records, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }

  /** Sends all records so far, and resolves when the operating system has accepted them: they reach the page even if this process ends then. */
  async flush(): Promise<void> {
    await this.#sendNews(true);
    await new Promise<void>((resolve) => (this.#ended ? resolve() : this.#response.write(": up to date\n\n", () => resolve())));
  }

  get #ended(): boolean {
    return this.#signal.aborted;
  }

  /** Sends what is new, after a check that is still running: two at once would send a record twice. */
  #sendNews(fresh = false): Promise<void> {
    const look = this.#look.then(() => this.#sendAll(fresh));
    this.#look = look.catch(() => undefined);
    return look;
  }

  async #sendAll(fresh: boolean): Promise<void> {
    const now = performance.now();
    if (fresh || now - this.#sent.at >= interval.runs) {
      this.#runs = await this.#list(fresh);
      const text = JSON.stringify(this.#runs.map(({ summary }) => summary));
      if (text !== this.#sent.text) await this.#send("runs", text);
      this.#sent = { text, at: now };
    }
    for (const [id, cursor] of this.#followed) {
      const folder = this.#runs.find(({ summary }) => summary.id === id)?.folder;
      if (folder === undefined) continue;
      const entry = this.#followers.get(id) ?? { follower: new RecordFollower(folder, cursor === undefined ? {} : { cursor }), problem: undefined };
      this.#followers.set(id, entry);
      entry.problem = await this.#sendRecords({ id, folder }, entry.follower, entry.problem);
    }
    if (now - this.#beatAt >= interval.heartbeat) {
      this.#beatAt = now;
      await this.#write(": still here\n\n");
    }
  }

  /** Sends the new records of a run. If it cannot be read, returns the reason, which is sent once. */
  async #sendRecords(run: { readonly id: string; readonly folder: string }, follower: RecordFollower, known: string | undefined): Promise<string | undefined> {
    try {
      for (let more = true; more && !this.#ended; ) {
        const found = await follower.read();
        more = found.more;
        if (found.records.length === 0 && !found.restarted) continue;
        const head = JSON.stringify({ run: run.id, restarted: found.restarted, cursor: follower.cursor });
        await this.#send("records", `${head.slice(0, -1)},"records":[${found.records.map((record) => encodeRecord(record)).join(",")}]}`);
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof RecordError || error instanceof FileError)) throw error;
      // Pages do not learn the path of the folder.
      const message = error.message.replaceAll(run.folder, run.id);
      if (message !== known) await this.#send("problem", JSON.stringify({ run: run.id, message }));
      return message;
    }
  }

  async #send(event: string, data: string): Promise<void> {
    await this.#write(`event: ${event}\ndata: ${data}\n\n`);
  }

  /** Waits for a page that reads slowly. */
  async #write(text: string): Promise<void> {
    if (this.#ended || this.#response.write(text)) return;
    await once(this.#response, "drain", { signal: this.#signal }).catch(() => undefined);
  }
}
