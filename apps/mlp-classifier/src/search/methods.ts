import {
  gaussianProcessSampler, gridSampler, hyperbandPruner, medianPruner, quasiRandomSampler, randomSampler, successiveHalvingPruner, tpeSampler, type Pruner, type Sampler,
} from "@nn/search";

/** How the settings of the next trial are chosen. */
export const samplers = {
  tpe: () => tpeSampler(),
  gp: () => gaussianProcessSampler(),
  random: () => randomSampler(),
  "quasi-random": () => quasiRandomSampler(),
  grid: () => gridSampler(),
} as const satisfies Readonly<Record<string, () => Sampler>>;

/** How trials are found that are not worth finishing; `epochs` are those of a trial. */
export const pruners = {
  median: () => medianPruner(),
  asha: () => successiveHalvingPruner(),
  hyperband: (epochs) => hyperbandPruner({ maxResource: epochs }),
  none: () => undefined,
} as const satisfies Readonly<Record<string, (epochs: number) => Pruner | undefined>>;

export type SamplerName = keyof typeof samplers;
export type PrunerName = keyof typeof pruners;

export const samplerNames = Object.keys(samplers) as readonly SamplerName[];
export const prunerNames = Object.keys(pruners) as readonly PrunerName[];
