import type { Batches } from "./batches.js";
import { isStateful } from "./stateful.js";
import { macrotask } from "./turn.js";

/** How long an aborted run waits for an evaluation, a plugin or a loop over its events to finish. */
export const abortPatienceMs = 1000;

/**
 * Waits for work, and for at most `patienceMs` more once a signal is aborted. Returns `undefined` if the work has not ended by then; its result is then
 * ignored.
 */
export function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal | undefined, patienceMs = 0): Promise<{ readonly value: T } | undefined> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const giveUp = (): void => resolve(undefined);
    const onAbort = (): void => {
      if (patienceMs > 0) timer = setTimeout(giveUp, patienceMs);
      else void macrotask().then(giveUp);
    };
    const end = (): void => {
      signal?.removeEventListener("abort", onAbort);
      clearTimeout(timer);
    };
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
    const settled = Promise.resolve(work).finally(end);
    void settled.then((value) => resolve({ value }), reject);
  });
}

/**
 * The batches of a source, until the signal is aborted while the source prepares the next one. Then the source is closed. A source with a `stateDict` is
 * left at the position before that batch.
 */
export async function* untilAbortedIn<Batch>(source: Batches<Batch>, signal: AbortSignal | undefined): AsyncGenerator<Batch, void, undefined> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let isOpen = true;
  try {
    for (;;) {
      const before: unknown = isStateful(source) ? source.stateDict() : undefined;
      const next = await untilAborted(valueOf(iterator.next()), signal);
      if (next === undefined) {
        void closed(iterator).catch(() => undefined);
        if (isStateful(source)) source.loadStateDict(before);
      }
      isOpen = next?.value.done === false;
      if (next?.value.done !== false) return;
      yield next.value.value;
    }
  } catch (error) {
    isOpen = false;
    throw error;
  } finally {
    if (isOpen) await closed(iterator);
  }
}

/** A step of an iteration. The values of synchronous iterators may be promises, as in `for await`. */
async function valueOf<Batch>(step: IteratorResult<Batch> | Promise<IteratorResult<Batch>>): Promise<{ readonly done: boolean; readonly value: Awaited<Batch> }> {
  const { done = false, value } = await step;
  return { done, value: await (value as Batch) };
}

async function closed(iterator: Iterator<unknown> | AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}
