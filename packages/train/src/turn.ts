/** Lets a long computation yield to the event loop: to timers, signals, messages and, in a page, to input and painting. */
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

  /** Yields to the event loop. */
  async give(): Promise<void> {
    await macrotask();
    this.#since = performance.now();
  }
}

/** Default of the longest time, in milliseconds, for which a computation blocks the event loop: a page stays fluid. */
export const defaultBlockingMs = 40;

/** Resolves after the events that are waiting now. A message is used because a timer waits for 4 ms in a page. */
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
