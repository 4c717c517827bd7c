import { ArgumentError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { cosSin } from "../portable-math.js";
import type { LabelledDataset } from "./labelled.js";
import { pointOptions, scatter, type PointOptions } from "./plane.js";

/** Options of {@link circles}. */
export interface CircleOptions extends PointOptions {
  /** Radius of the inner circle; the outer one has 1. Default 0.5. */
  readonly factor?: number;
}

const circleOptions: OptionKinds<Omit<CircleOptions, keyof PointOptions>> = { factor: "finite" };

/**
 * A circle within a circle (like scikit-learn's `make_circles`): `x` `[count, 2]`; `y` `[count]` is 0 for the outer and 1 for the
 * inner circle. Noise defaults to 0.05.
 * @throws ArgumentError if an option is out of range.
 */
export function circles(options: CircleOptions = {}): LabelledDataset {
  requireOptions("circles", options, { ...pointOptions, ...circleOptions });
  const { noise = 0.05, factor = 0.5 } = options;
  if (!(factor > 0 && factor < 1)) throw new ArgumentError(`circles: factor is ${factor}, expected a number between 0 and 1`);
  return scatter(2, 2, { ...options, noise }, (label, random) => {
    const radius = label === 0 ? 1 : factor;
    return cosSin(random.uniform()).map((coordinate) => coordinate * radius);
  });
}
