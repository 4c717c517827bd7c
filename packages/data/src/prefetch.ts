/**
 * The same values, asked for `count` steps ahead, so that the source works while a value is being used. When the consumer stops,
 * the source is told so after at most the step that is under way.
 */
export async function* prefetched<T>(source: AsyncIterable<T>, count: number): AsyncGenerator<T, void, undefined> {
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
      while (pending.length <= count) pending.push(handled(guarded.next()));
      const next = await (pending.shift() as Promise<IteratorResult<T, void>>);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    stopped = true;
    await guarded.return();
  }
}

/** Marks the rejection of a step that was requested ahead as handled: it is thrown when its turn comes, or never. */
function handled<T>(step: Promise<T>): Promise<T> {
  step.catch(() => undefined);
  return step;
}
