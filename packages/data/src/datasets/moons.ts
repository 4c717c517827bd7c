import { requireOptions } from "@nn/tensor/extend";
import { cosSin } from "../portable-math.js";
import type { LabelledDataset } from "./labelled.js";
import { pointOptions, scatter, type PointOptions } from "./plane.js";

/**
 * Two interleaving half circles (like scikit-learn's `make_moons`): `x` `[count, 2]`; `y` `[count]` is 0 for the upper and 1 for the
 * lower one. Noise defaults to 0.1.
 * @throws ArgumentError if an option is out of range.
 */
export function moons(options: PointOptions = {}): LabelledDataset {
  requireOptions("moons", options, pointOptions);
  const { noise = 0.1 } = options;
  return scatter(2, 2, { ...options, noise }, (label, random) => {
    const [cos, sin] = cosSin(random.uniform(0, 0.5));
    return label === 0 ? [cos, sin] : [1 - cos, 0.5 - sin];
  });
}
