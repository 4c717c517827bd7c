import { ArgumentError } from "@nn/tensor";
import { didYouMean, quote } from "@nn/tensor/extend";
import type { Monitored } from "./plugin.js";
import { splitName } from "./values.js";

/** For each value of the training steps and of the evaluation, whether larger is better; `null` if neither is. `undefined` if the names are not known yet. */
export interface Directions {
  readonly training: Readonly<Record<string, boolean | null>> | undefined;
  /** `null` if there is no evaluation. */
  readonly validation: Readonly<Record<string, boolean | null>> | undefined | null;
}

/** Whether a value is better than the best so far. NaN never is. */
export function isBetter(mode: "min" | "max", value: number, best: number | null): boolean {
  if (Number.isNaN(value)) return false;
  return best === null || (mode === "min" ? value < best : value > best);
}

/** Whether larger or smaller values of a name are better, if that is known: a metric says so, and for a loss smaller is better. */
export function knownMode(name: string, directions: Directions): "min" | "max" | undefined {
  const [part, value = ""] = splitName(name);
  const larger = (part === "training" ? directions.training : directions.validation)?.[value];
  if (typeof larger === "boolean") return larger ? "max" : "min";
  return isLoss(value) ? "min" : undefined;
}

/** Whether the name of a value is that of a loss: `loss`, `reconstructionLoss`. */
export function isLoss(name: string): boolean {
  return /(^l|L)oss$/.test(name);
}

/** @throws ArgumentError if it is not known whether larger or smaller values of a name are better. */
export function requireMode(operation: string, name: string, mode: "min" | "max" | undefined): "min" | "max" {
  if (mode !== undefined) return mode;
  throw new ArgumentError(`${operation}: it is not known whether larger values of ${quote(name)} are better; say mode: "max" or mode: "min"`);
}

/**
 * Refuses the name of a value that the run does not have.
 * @returns whether it is known that the run has it.
 */
export function requireKnown(operation: string, name: string, { training, validation }: Directions): boolean {
  const [part, value = ""] = splitName(name);
  const group = part === "training" ? training : part === "validation" ? validation : null;
  if (group === undefined) return false;
  if (group !== null && Object.hasOwn(group, value)) return true;
  const known = [...Object.keys(training ?? {}).map((each) => `training.${each}`), ...Object.keys(validation ?? {}).map((each) => `validation.${each}`)];
  const without = part === "validation" && validation === null ? "; it has no evaluation" : "";
  throw new ArgumentError(`${operation}: the run has no value ${quote(name)}${without || didYouMean(name, known) || `; it has ${known.join(", ") || "none"}`}`);
}

/** The value by which a run finds its best epoch by default: the loss of the evaluation, else that of the training. */
export function defaultMonitor({ training, validation }: Directions): Monitored | undefined {
  if (validation !== null && validation !== undefined && Object.hasOwn(validation, "loss")) return { name: "validation.loss", mode: "min" };
  if (validation === undefined) return undefined;
  return training !== undefined && Object.hasOwn(training, "loss") ? { name: "training.loss", mode: "min" } : undefined;
}
