import type { Comparison } from "./compare.js";
import type { Case } from "./format.js";

/** What became of a case: passed, failed with reasons, or unknown because nothing of ours is mapped to a target. */
export interface Outcome {
  readonly id: string;
  readonly target: string;
  readonly status: "passed" | "failed" | "unknown";
  /** The worst error as a multiple of its tolerance. */
  readonly worst: number;
  readonly reasons: readonly string[];
}

/** Thrown by whoever constructs our counterpart of a target, when there is none. */
export class UnknownTarget extends Error {
  override readonly name = "UnknownTarget";
  constructor(readonly target: string) {
    super(`nothing is mapped to ${target}`);
  }
}

/** What is mapped to a target. */
export function lookUp<T>(map: Readonly<Record<string, T>>, target: string): T {
  const found = map[target];
  if (found === undefined) throw new UnknownTarget(target);
  return found;
}

/** Runs a case and turns whatever happens into its outcome. */
export function outcomeOf(one: Case, run: () => readonly Comparison[]): Outcome {
  const { id, target } = one;
  try {
    const comparisons = run();
    const reasons = comparisons.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
    const worst = Math.max(0, ...comparisons.map((comparison) => comparison.worst));
    return { id, target, status: reasons.length === 0 ? "passed" : "failed", worst, reasons };
  } catch (error) {
    if (error instanceof UnknownTarget) return { id, target: error.target, status: "unknown", worst: 0, reasons: [error.message] };
    return { id, target, status: "failed", worst: Infinity, reasons: [error instanceof Error ? `${error.name}: ${error.message}` : String(error)] };
  }
}
