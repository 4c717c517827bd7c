/** A listener of the stream: the events that it has not taken yet, and the requests that wait for one. */
interface Listener<Event> {
  readonly events: Event[];
  readonly waiting: { readonly resolve: (result: IteratorResult<Event, undefined>) => void; readonly reject: (error: unknown) => void }[];
  /** Called when the listener requests an event that does not exist yet, or leaves. */
  ready: (() => void) | undefined;
}

/**
 * The events of a run for `for await`. Every listener gets all events from the moment it joins, and the run waits until all listeners have handled an
 * event. Once the result is awaited, perhaps by a listener itself, the run no longer waits, and events queue up.
 */
export class EventStream<Event> {
  readonly #listeners = new Set<Listener<Event>>();
  #waits = true;
  #end: { readonly error?: unknown } | undefined;

  /** Sends an event. The result is a promise if there are listeners to wait for. */
  send(event: Event): Promise<void> | undefined {
    if (this.#listeners.size === 0) return undefined;
    const slow: Promise<void>[] = [];
    for (const listener of this.#listeners) {
      const request = listener.waiting.shift();
      if (request === undefined) listener.events.push(event);
      else request.resolve({ value: event, done: false });
      if (this.#waits && listener.waiting.length === 0) slow.push(new Promise((done) => (listener.ready = done)));
    }
    return slow.length === 0 ? undefined : Promise.all(slow).then(() => undefined);
  }

  /** Lets the run continue without waiting for listeners. */
  stopWaiting(): void {
    this.#waits = false;
    for (const listener of this.#listeners) this.#release(listener);
  }

  /** Ends the stream, with an error if the run failed. */
  end(failure?: { readonly error: unknown }): void {
    this.#end = failure ?? {};
    for (const listener of this.#listeners) for (const request of listener.waiting.splice(0)) this.#finish(request);
  }

  /** A new listener. `leave` is called and awaited when it stops early. */
  listen(start: () => void, leave: () => Promise<void>): AsyncIterableIterator<Event, undefined> {
    const listener: Listener<Event> = { events: [], waiting: [], ready: undefined };
    let left = false;
    this.#listeners.add(listener);
    const close = async (): Promise<IteratorResult<Event, undefined>> => {
      const early = !left && this.#end === undefined;
      left = true;
      this.#listeners.delete(listener);
      this.#release(listener);
      for (const request of listener.waiting.splice(0)) request.resolve({ value: undefined, done: true });
      if (early) await leave();
      return { value: undefined, done: true };
    };
    return {
      next: () => {
        if (left) return Promise.resolve({ value: undefined, done: true });
        start();
        const [event] = listener.events.splice(0, 1);
        if (event !== undefined) return Promise.resolve({ value: event, done: false });
        return new Promise((resolve, reject) => {
          const request = { resolve, reject };
          if (this.#end !== undefined) {
            left = true;
            this.#finish(request);
            return;
          }
          listener.waiting.push(request);
          this.#release(listener);
        });
      },
      return: close,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  #release(listener: Listener<Event>): void {
    listener.ready?.();
    listener.ready = undefined;
  }

  #finish({ resolve, reject }: Listener<Event>["waiting"][number]): void {
    if (this.#end !== undefined && "error" in this.#end) reject(this.#end.error);
    else resolve({ value: undefined, done: true });
  }
}
