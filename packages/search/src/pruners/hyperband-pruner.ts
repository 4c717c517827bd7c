import { ArgumentError } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Pruner } from "./pruner.js";
import { prunedAtRung, requireReduction } from "./successive-halving-pruner.js";

/** Options of {@link hyperbandPruner}. */
export interface HyperbandOptions {
  /** R: the last step of a trial that is not pruned. */
  readonly maxResource: number;
  /** The step of the first rung of the first bracket; default 1. */
  readonly minResource?: number | undefined;
  /** η, as for successive halving; default 3. */
  readonly reductionFactor?: number | undefined;
}

const hyperbandOptions: OptionKinds<HyperbandOptions> = { maxResource: "count", minResource: "count", reductionFactor: "count" };

/**
 * Hyperband (Li et al. 2017): successive halving in several brackets, from one that prunes early to one that does not prune at all, because it is not known how
 * well early values predict late ones. Bracket s of S = ⌊log_η(R/r)⌋ … 0 has `⌈(S + 1)/(s + 1) · ηˢ⌉` trials, the first of them at step `R η⁻ˢ`; trials fill the
 * brackets in this order, then again from the first. Trials are compared within their bracket, asynchronously as in {@link successiveHalvingPruner}.
 *
 * A step is the resource spent so far, such as the number of completed epochs: report step 1 after the first.
 * @throws ArgumentError for a reduction factor below 2, or minResource above maxResource.
 */
export function hyperbandPruner(options: HyperbandOptions): Pruner {
  requireOptions("hyperbandPruner", options, hyperbandOptions);
  requireKind("hyperbandPruner", "maxResource", options?.maxResource, "count");
  const { maxResource, minResource = 1, reductionFactor = 3 } = options;
  requireReduction("hyperbandPruner", reductionFactor);
  if (minResource > maxResource) throw new ArgumentError(`hyperbandPruner: minResource is ${minResource} and maxResource is ${maxResource}, expected no more`);
  const brackets = bracketsOf(minResource, maxResource, reductionFactor);
  return {
    name: "hyperband",
    shouldPrune: ({ trial, others }) => {
      const rate = rateOf(brackets, trial.number);
      // What has reached the whole resource is done.
      const done = (trial.reports.at(-1)?.step ?? 0) >= maxResource;
      if (rate === 0 || done) return false;
      const mates = others.filter(({ number }) => rateOf(brackets, number) === rate);
      return prunedAtRung({ trial, others: mates }, { first: maxResource / reductionFactor ** rate, reductionFactor });
    },
  };
}

/** The rate s and the number of trials of each bracket, in their order. */
export function bracketsOf(minResource: number, maxResource: number, reductionFactor: number): readonly { readonly rate: number; readonly trials: number }[] {
  let most = 0;
  while (minResource * reductionFactor ** (most + 1) <= maxResource) most += 1;
  return Array.from({ length: most + 1 }, (_, index) => {
    const rate = most - index;
    return { rate, trials: Math.ceil(((most + 1) / (rate + 1)) * reductionFactor ** rate) };
  });
}

/** The rate of the bracket of a trial. */
function rateOf(brackets: ReturnType<typeof bracketsOf>, number: number): number {
  let within = number % brackets.reduce((sum, { trials }) => sum + trials, 0);
  const bracket = brackets.find(({ trials }) => (within -= trials) < 0);
  return bracket?.rate ?? 0;
}
