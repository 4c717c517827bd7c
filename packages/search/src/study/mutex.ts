/** Runs asynchronous actions one after the other. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  async run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    // An error reaches its caller; the next action runs nevertheless.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
