import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { untilAbortedIn } from "./abort.js";
import { requireSource, requireSignal, type Batches } from "./batches.js";
import { defaultBlockingMs, Turn } from "./turn.js";

/** Options of {@link responsive}. */
export interface ResponsiveOptions {
  /** Ends the iteration, even while the source prepares a batch: the loop throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** The longest time in milliseconds between two pauses, unless a single step takes longer. Default 40. */
  readonly maxBlockingMs?: number | undefined;
}

const responsiveOptions: OptionKinds<ResponsiveOptions> = { signal: "any", maxBlockingMs: "nonNegative" };

/**
 * The batches of a source, with pauses that yield to the event loop: timers, signals and the page stay responsive while the loop computes.
 *
 * @example
 * ```ts
 * import { responsive } from "@nn/train";
 * let sum = 0;
 * for await (const batch of responsive([1, 2, 3])) sum += batch;
 * sum; // => 6
 * ```
 * @throws UsageError for a source that cannot be iterated; the reason of the signal when it is aborted.
 */
export function responsive<Batch>(source: Batches<Batch>, options: ResponsiveOptions = {}): AsyncGenerator<Batch, void, undefined> {
  requireOptions("responsive", options, responsiveOptions);
  requireSource("responsive", "the source", source);
  const { signal, maxBlockingMs = defaultBlockingMs } = options;
  requireSignal("responsive", signal);
  requireKind("responsive", "maxBlockingMs", maxBlockingMs, "nonNegative");
  return withPauses(source, signal, new Turn(maxBlockingMs));
}

async function* withPauses<Batch>(source: Batches<Batch>, signal: AbortSignal | undefined, turn: Turn): AsyncGenerator<Batch, void, undefined> {
  signal?.throwIfAborted();
  for await (const batch of untilAbortedIn(source, signal)) {
    yield batch;
    if (turn.isOver) await turn.give();
    signal?.throwIfAborted();
  }
  signal?.throwIfAborted();
}
