import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { HaltonSequence } from "./halton.js";
import { pointFrom } from "./random-sampler.js";
import type { Sampler } from "./sampler.js";

/** Options of {@link quasiRandomSampler}. */
export interface QuasiRandomOptions {
  /** Whether digits are permuted at random, determined by the seed of the study; default true. */
  readonly scramble?: boolean | undefined;
}

const quasiRandomOptions: OptionKinds<QuasiRandomOptions> = { scramble: "boolean" };

/**
 * The points of a scrambled Halton sequence, which cover the space more evenly than random points. Trial k has point k. Optuna:
 * `QMCSampler(qmc_type="halton")`.
 */
export function quasiRandomSampler(options: QuasiRandomOptions = {}): Sampler {
  requireOptions("quasiRandomSampler", options, quasiRandomOptions);
  const { scramble = true } = options;
  return {
    name: "quasi-random",
    suggest: ({ dimensions, number, seed }) => {
      const coordinates = new HaltonSequence(dimensions.length, scramble ? seed : undefined).point(number);
      return pointFrom(dimensions, (index) => coordinates[index] ?? 0);
    },
  };
}
