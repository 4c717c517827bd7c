import type { LinearMemory } from "../memory/linear-memory.js";
import type { ProgramImports } from "./imports.js";
import type { HostWorker, StartWorker } from "./host.js";
import { common, mailbox, maximumTextBytes, ticket } from "./layout.js";
import { type Spin, readsAfter } from "./spin.js";
import { workerText } from "./prebuilt-worker.js";

/** The caller wakes up this often while it waits. */
const napMilliseconds = 500;

/** What the workers of a pool share. */
export interface Team {
  readonly memory: LinearMemory;
  /** The words laid out in `common`, and their address. */
  readonly words: Int32Array;
  readonly address: number;
  readonly spinModule: WebAssembly.Module;
  readonly untilEqual: Spin;
  readonly callerMaySleep: boolean;
  /** Milliseconds within which a worker must begin its part of a run. */
  readonly timeout: number;
}

/** A program in the form that is posted to workers. */
export interface Loadable {
  readonly id: number;
  readonly module: WebAssembly.Module;
  readonly imports: ProgramImports | undefined;
}

/** The caller's side of one worker. */
export class TeamMember {
  readonly #team: Team;
  readonly #host: HostWorker;
  readonly #box: number;
  readonly #words: Int32Array;
  /** For each program, how many messages had been sent when it was posted. */
  readonly #posted = new Map<number, number>();
  #sent = 0;
  /** How many times in succession the caller spun for the worker to finish and had to sleep after all. */
  #missedSpins = 0;
  #failure: string | undefined;

  /** Starts a worker. @throws the error of the host if it cannot. */
  constructor(team: Team, thread: number, start: StartWorker) {
    this.#team = team;
    this.#box = team.memory.allocate(4 * mailbox.words);
    this.#words = team.memory.i32(this.#box, mailbox.words).fill(0);
    this.#host = start(workerText, `thread ${thread}`, (reason) => (this.#failure ??= reason));
    const { address: shared, spinModule: spin } = team;
    const { memory } = team.memory;
    this.#post({ kind: "begin", memory, spin, shared, box: this.#box, thread });
  }

  /** Why the worker cannot run programs any more; `undefined` while it can. */
  get failure(): string | undefined {
    if (this.#failure === undefined && Atomics.load(this.#words, mailbox.ticket) === ticket.gone) {
      this.#failure = "it ended";
    }
    return this.#failure;
  }

  /** Whether it has begun to handle messages. */
  get started(): boolean {
    return Atomics.load(this.#words, mailbox.handled) > 0;
  }

  /** Whether it can run `program`. Posts the program to it first if necessary. */
  isReadyFor({ id, module, imports: own }: Loadable): boolean {
    let position = this.#posted.get(id);
    if (position === undefined) {
      this.#post({ kind: "load", program: id, module, imports: own && { source: own.source, argument: own.argument } });
      position = this.#sent;
      this.#posted.set(id, position);
    }
    return Atomics.load(this.#words, mailbox.handled) >= position && this.failure === undefined;
  }

  /** Releases a program, if it has it. */
  unload(program: number): void {
    if (this.#posted.delete(program) && this.failure === undefined) this.#post({ kind: "unload", program });
  }

  /** Lets it begin its part of the run that the shared words describe. */
  offer(): void {
    Atomics.store(this.#words, mailbox.ticket, ticket.offered);
    if (Atomics.load(this.#words, mailbox.sleeps) !== 0) Atomics.notify(this.#words, mailbox.ticket);
  }

  /**
   * Waits until the worker has done its part. Returns whether it has. A worker that does not begin within `timeout` milliseconds is given up,
   * and never begins.
   */
  collect(timeout: number): boolean {
    const { untilEqual, words, callerMaySleep } = this.#team;
    const address = this.#box + 4 * mailbox.ticket;
    if (untilEqual(address, ticket.free, readsAfter(this.#missedSpins)) === ticket.free) {
      this.#missedSpins = 0;
      return true;
    }
    this.#missedSpins++;
    const start = performance.now();
    for (;;) {
      const state = Atomics.load(this.#words, mailbox.ticket);
      if (state === ticket.free) return true;
      if (state === ticket.gone) return this.failure === undefined;
      if (state === ticket.offered && performance.now() - start >= timeout && this.#revoke()) return false;
      if (callerMaySleep) {
        Atomics.store(words, common.callerSleeps, 1);
        Atomics.wait(this.#words, mailbox.ticket, state, Math.min(napMilliseconds, Math.max(1, timeout)));
        Atomics.store(words, common.callerSleeps, 0);
      } else untilEqual(address, ticket.free, 1_000_000);
    }
  }

  /** The error that the worker threw: name, message and stack. */
  get trapText(): string {
    const bytes = Math.min(Atomics.load(this.#words, mailbox.textBytes), maximumTextBytes);
    return new TextDecoder().decode(this.#team.memory.u8(this.#box + 4 * mailbox.text, bytes).slice());
  }

  /** Ends the worker. Its mailbox stays allocated, because the worker may read it until it has ended. */
  end(): void {
    Atomics.store(this.#words, mailbox.ticket, ticket.revoked);
    Atomics.notify(this.#words, mailbox.ticket);
    this.#host.end();
  }

  #revoke(): boolean {
    const { offered, revoked } = ticket;
    if (Atomics.compareExchange(this.#words, mailbox.ticket, offered, revoked) !== offered) return false;
    this.#failure ??= `it did not answer for ${this.#team.timeout} ms`;
    return true;
  }

  #post(mail: Parameters<HostWorker["post"]>[0]): void {
    this.#host.post(mail);
    this.#sent++;
    Atomics.store(this.#words, mailbox.sent, this.#sent);
    // A sleeping worker would not see the message.
    Atomics.compareExchange(this.#words, mailbox.ticket, ticket.free, ticket.nudged);
    Atomics.notify(this.#words, mailbox.ticket);
  }
}
