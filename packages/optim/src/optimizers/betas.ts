import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireRange } from "../requirements.js";
import { optionAt, type Scheduled } from "../scheduled.js";
import type { AtStep } from "../update-rule.js";

/** Decay rates of two running means, usually those of the gradient and of its square. */
export type Betas = readonly [first: Scheduled, second: Scheduled];

/** Throws unless both rates are at least 0 and below 1. */
export function requireBetas(owner: string, betas: Betas): void {
  if (betas.length !== 2) throw new ArgumentError(`${owner}: betas has ${(betas as readonly unknown[]).length} elements, expected 2`);
  requireRange(owner, { "betas[0]": betas[0], "betas[1]": betas[1] }, 0, 1);
}

/** The rate of one of the means at a step. */
export function betaAt(betas: Betas, index: 0 | 1, step: number): number {
  return optionAt("Optimizer.step", index === 0 ? "betas[0]" : "betas[1]", betas[index], step, 1);
}

type Power = readonly [base: number, exponent: number, power: number];

/** The last power of each rate: all parameters of a step ask for the same, and a power takes as long as the rest of the call. */
const lastPowers: [Power, Power] = [[1, 1, 1], [1, 1, 1]];

/** How much of its values a running mean that began at 0 has after `t` updates: `1 − βᵗ`. */
export function weightOfMean(betas: Betas, index: 0 | 1): (t: number, step: number) => number {
  return (t, step) => {
    const base = betaAt(betas, index, step);
    let last = lastPowers[index];
    if (last[0] !== base || last[1] !== t) lastPowers[index] = last = [base, t, base ** t];
    return 1 - last[2];
  };
}

/** A function of one of the rates. For a constant rate it is a number, which is a constant of a compiled step. */
export function betaAtStep(betas: Betas, index: 0 | 1, atStep: AtStep, of = (beta: number): number => beta): Tensor | number {
  const beta = betas[index];
  return typeof beta === "number" ? of(beta) : atStep((_, step) => of(betaAt(betas, index, step)));
}

/** A running mean with one more value: `β mean + (1 − β) value`. */
export function decayingMean(mean: Tensor, value: Tensor, betas: Betas, index: 0 | 1, atStep: AtStep): Tensor {
  return mean.mul(betaAtStep(betas, index, atStep)).add(value.mul(betaAtStep(betas, index, atStep, (beta) => 1 - beta)));
}
