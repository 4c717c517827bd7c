import type { OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../random.js";
import { labelled, type LabelledDataset } from "./labelled.js";

/** Options of every generated data set of points. */
export interface PointOptions {
  /** Number of points, divided equally among the classes; a remainder goes to the first classes. Default 200. */
  readonly count?: number;
  /** Standard deviation of the normal noise on each coordinate. */
  readonly noise?: number;
  /** Default: drawn from the generator that `manualSeed` seeds. */
  readonly seed?: number;
}

/** The kinds of {@link PointOptions}. */
export const pointOptions: OptionKinds<PointOptions> = { count: "count", noise: "nonNegative", seed: "size" };

/** Draws a random point of a class, without noise. */
type PointSampler = (label: number, random: Random) => readonly number[];

/** Draws points for the classes in turn, adds noise, and shuffles them. */
export function scatter(
  classes: number, dimensions: number, { count = 200, noise = 0, seed = drawSeed() }: PointOptions, sample: PointSampler,
): LabelledDataset {
  const random = new Random(seed);
  const order = random.permutation(count);
  const x = new Float32Array(count * dimensions);
  const y = new Int32Array(count);
  for (let item = 0; item < count; item++) {
    const at = order[item] as number;
    const label = item % classes;
    y[at] = label;
    sample(label, random).forEach((coordinate, axis) => (x[at * dimensions + axis] = coordinate + (noise === 0 ? 0 : noise * random.normal())));
  }
  return labelled(x, y, [dimensions]);
}
