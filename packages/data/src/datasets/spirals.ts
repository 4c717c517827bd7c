import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { cosSin } from "../portable-math.js";
import type { LabelledDataset } from "./labelled.js";
import { pointOptions, scatter, type PointOptions } from "./plane.js";

/** Options of {@link spirals}. */
export interface SpiralOptions extends PointOptions {
  /** Number of arms, each a class. Default 2. */
  readonly arms?: number;
  /** Number of turns of an arm. Default 1.5. */
  readonly turns?: number;
}

const spiralOptions: OptionKinds<Omit<SpiralOptions, keyof PointOptions>> = { arms: "count", turns: "positive" };

/** Arms begin at a small distance from the centre, where they would overlap. */
const innerRadius = 0.05;

/**
 * Interleaved spiral arms (after Lang and Witbrock 1988): `x` `[count, 2]` within the unit circle, apart from the noise; `y` `[count]`
 * is the arm. Noise defaults to 0.02.
 * @throws ArgumentError if an option is out of range.
 */
export function spirals(options: SpiralOptions = {}): LabelledDataset {
  requireOptions("spirals", options, { ...pointOptions, ...spiralOptions });
  const { noise = 0.02, arms = 2, turns = 1.5 } = options;
  return scatter(arms, 2, { ...options, noise }, (label, random) => {
    const along = random.uniform();
    const radius = innerRadius + (1 - innerRadius) * along;
    return cosSin(along * turns + label / arms).map((coordinate) => coordinate * radius);
  });
}
