import { describeValue, messageOf } from "@nn/tensor/extend";
import { TrialPruned } from "./trial.js";

/** How the objective of a trial ended. It is plain data, so it can be sent between machines. */
export type TrialOutcome =
  | { readonly state: "completed"; readonly value: number }
  | { readonly state: "pruned" }
  | { readonly state: "failed"; readonly reason: string };

/** The outcome of a trial whose objective returned a value. NaN, an infinite number, and a value that is not a number are failures. */
export function outcomeOf(value: unknown): TrialOutcome {
  if (typeof value !== "number") return { state: "failed", reason: `the objective returned ${describeValue(value)}, expected a number` };
  return Number.isFinite(value) ? { state: "completed", value } : { state: "failed", reason: `the value is ${value}` };
}

/** The outcome of a trial whose objective threw: {@link TrialPruned} prunes it, everything else is a failure. */
export function outcomeOfThrown(error: unknown): TrialOutcome {
  if (error instanceof TrialPruned) return { state: "pruned" };
  return { state: "failed", reason: messageOf(error) };
}
