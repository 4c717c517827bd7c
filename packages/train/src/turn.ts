/** Lets a long computation give way: to timers, signals, messages and, in a page, to input and painting. */
export class Turn {
  readonly #maxBlockingMs: number;
  #since = performance.now();

  constructor(maxBlockingMs: number) {
    this.#maxBlockingMs = maxBlockingMs;
  }

  /** Whether the computation has run long enough. */
  get isOver(): boolean {
    return performance.now() - this.#since >= this.#maxBlockingMs;
  }

  /** Runs what waits in the event loop. */
  async give(): Promise<void> {
    await macrotask();
    this.#since = performance.now();
  }
}

/** How long a computation blocks the event loop, in milliseconds, if nothing else is asked for: a page stays fluent. */
export const defaultBlockingMs = 40;

/** Continues after the events that wait now. A timer would wait for 4 ms in a page; a message does not. */
export function macrotask(): Promise<void> {
  const immediate: unknown = Reflect.get(globalThis, "setImmediate");
  if (typeof immediate === "function") return new Promise((done) => void immediate(done));
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      done();
    }, { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
}
