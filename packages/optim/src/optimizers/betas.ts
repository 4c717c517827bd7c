import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireRange } from "../requirements.js";
import { optionAt, type Scheduled } from "../scheduled.js";
import type { AtStep } from "../update-rule.js";

/** Decay rates of two running means, usually those of the gradient and of its square. */
export type Betas = readonly [first: Scheduled, second: Scheduled];

/** Refuses rates outside of 0 up to but not including 1. */
export function requireBetas(owner: string, betas: Betas): void {
  if (betas.length !== 2) throw new ArgumentError(`${owner}: betas has ${(betas as readonly unknown[]).length} elements, expected 2`);
  requireRange(owner, { "betas[0]": betas[0], "betas[1]": betas[1] }, 0, 1);
}

/** The rate of one of the means at a step. */
export function betaAt(betas: Betas, place: 0 | 1, step: number): number {
  return optionAt("Optimizer.step", `betas[${place}]`, betas[place], step, 1);
}

/** One of the rates, or what is computed of it: a number, if it stays, so that a compiled step has it as a constant. */
export function betaAtStep(betas: Betas, place: 0 | 1, atStep: AtStep, of = (beta: number): number => beta): Tensor | number {
  const beta = betas[place];
  return typeof beta === "number" ? of(beta) : atStep((_, step) => of(betaAt(betas, place, step)));
}

/** A running mean after another value: `β mean + (1 − β) value`. */
export function decayingMean(mean: Tensor, value: Tensor, betas: Betas, place: 0 | 1, atStep: AtStep): Tensor {
  return mean.mul(betaAtStep(betas, place, atStep)).add(value.mul(betaAtStep(betas, place, atStep, (beta) => 1 - beta)));
}
