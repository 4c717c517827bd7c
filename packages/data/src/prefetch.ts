/**
 * Yields the values of a source and requests them ahead, so that the source works while a value is in use. `ahead` is called whenever a value arrives and returns how
 * many values to request ahead; the first value is requested alone. When the consumer stops, the source is closed, at the latest after the current step.
 */
export async function* prefetched<T>(source: AsyncIterable<T>, ahead: () => number): AsyncGenerator<T, void, undefined> {
  let stopped = false;
  const guarded = (async function* () {
    for await (const value of source) {
      if (stopped) return;
      yield value;
    }
  })();
  const pending: Promise<IteratorResult<T, void>>[] = [];
  try {
    for (;;) {
      const next = await (pending.shift() ?? guarded.next());
      if (next.done === true) return;
      const count = ahead();
      while (pending.length < count) pending.push(handled(guarded.next()));
      yield next.value;
    }
  } finally {
    stopped = true;
    await guarded.return();
  }
}

/** Marks the rejection of a prefetched step as handled. It is thrown when the consumer reaches this step, if it does. */
function handled<T>(step: Promise<T>): Promise<T> {
  step.catch(() => undefined);
  return step;
}
