import { ArgumentError, type Tensor } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import type { Schedule } from "./learning-rate.js";
import type { AtStep } from "./update-rule.js";

/** An option that is a constant or a schedule. The schedule is called before every step. */
export type Scheduled = number | Schedule;

/**
 * The value of an option at a step.
 * @throws ArgumentError unless the result of the schedule is at least 0 and below `limit`.
 */
export function optionAt(operation: string, name: string, option: Scheduled, step: number, limit = Infinity): number {
  if (typeof option === "number") return option;
  const value = option(step);
  if (typeof value === "number" && value >= 0 && value < limit) return value;
  throw new ArgumentError(`${operation}: ${name} of step ${step} is ${describeValue(value)}, expected ${limit === Infinity ? "a finite number, at least 0" : `a number, at least 0 and below ${limit}`}`);
}

/** The fraction of a velocity that each step keeps. A constant is a number, so that it is a constant of a compiled step. */
export function momentumAtStep(momentum: Scheduled, atStep: AtStep): Tensor | number {
  return typeof momentum === "number" ? momentum : atStep((_, step) => optionAt("Optimizer.step", "momentum", momentum, step));
}
