import type { RunCommand, RunRecord } from "@nn/records";
import type { ListedRun } from "./listed-run.js";
import { RunData } from "./run-data.js";

/** The state of the connection. A hidden tab closes its connection (`"waiting"`), because a browser has only six connections to a server for all its tabs. */
export type ConnectionState = "connected" | "waiting" | "lost";

/** The delay before reconnecting, in milliseconds. */
const retryAfter = 1500;

const tokenKey = "nn-dashboard-token";

/** The connection to the server: the list of runs, the records of the followed runs, and commands. */
export class Connection {
  runs: readonly ListedRun[] = [];
  /** The runs that are followed, in the order in which they were chosen. */
  readonly data = new Map<string, RunData>();
  state: ConnectionState = "waiting";
  readonly #cursors = new Map<string, string>();
  readonly #changed: () => void;
  #source: EventSource | undefined;

  /** @param changed - called after every change. */
  constructor(changed: () => void) {
    this.#changed = changed;
    takeToken();
    document.addEventListener("visibilitychange", () => this.#connect());
  }

  /** Whether commands may be sent. */
  get mayCommand(): boolean {
    return sessionStorage.getItem(tokenKey) !== null;
  }

  /** Follows these runs and no others. Data of runs that were already followed are kept. */
  follow(ids: readonly string[]): void {
    for (const id of this.data.keys()) {
      if (ids.includes(id)) continue;
      this.data.delete(id);
      this.#cursors.delete(id);
    }
    for (const id of ids) if (!this.data.has(id)) this.data.set(id, new RunData(id));
    this.#connect();
  }

  /** Sends a command to a run. Resolves to the text of the server's answer. */
  async command(id: string, command: RunCommand): Promise<{ readonly ok: boolean; readonly text: string }> {
    try {
      const response = await fetch(`/api/command?run=${encodeURIComponent(id)}`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${sessionStorage.getItem(tokenKey) ?? ""}` },
        body: JSON.stringify({ command }),
      });
      return { ok: response.ok, text: (await response.text()).trim() };
    } catch {
      return { ok: false, text: "the server does not answer" };
    }
  }

  #connect(): void {
    this.#source?.close();
    this.#source = undefined;
    if (document.hidden) return this.#setState("waiting");
    const query = [...this.data.keys()].map((id) => `run=${encodeURIComponent(`${id}@${this.#cursors.get(id) ?? ""}`)}`).join("&");
    const source = new EventSource(`/api/events?${query}`);
    this.#source = source;
    const on = (name: string, take: (data: unknown) => void): void => {
      source.addEventListener(name, (event: MessageEvent<string>) => {
        if (source !== this.#source) return;
        take(JSON.parse(event.data));
        this.#changed();
      });
    };
    on("runs", (runs) => { this.runs = runs as readonly ListedRun[]; });
    on("records", (message) => this.#take(message as Message));
    on("problem", (problem) => {
      const { run, message } = problem as { readonly run: string; readonly message: string };
      const data = this.data.get(run);
      if (data !== undefined) data.problem = message;
    });
    source.addEventListener("open", () => this.#setState("connected"));
    source.addEventListener("error", () => {
      if (source !== this.#source) return;
      // The browser would connect with the cursors of the beginning.
      source.close();
      this.#setState("lost");
      setTimeout(() => { if (source === this.#source) this.#connect(); }, retryAfter);
    });
  }

  #take({ run, restarted, cursor, records }: Message): void {
    if (!this.data.has(run)) return;
    if (restarted) this.data.set(run, new RunData(run));
    this.#cursors.set(run, cursor);
    this.data.get(run)?.add(records);
  }

  #setState(state: ConnectionState): void {
    this.state = state;
    this.#changed();
  }
}

interface Message {
  readonly run: string;
  readonly restarted: boolean;
  readonly cursor: string;
  readonly records: readonly RunRecord[];
}

/** Removes the token from the address, so that it appears in no history and no screenshot. The tab keeps it until it is closed. */
function takeToken(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  sessionStorage.setItem(tokenKey, token);
  history.replaceState(null, "", location.pathname);
}
