import { moons, spirals } from "@nn/data";
import { cos, normal, randomIntegers, sin, stack, tensor, type Generator, type Tensor } from "@nn/tensor";

/** A seed that a generator draws. */
const seedFrom = (generator: Generator): number => randomIntegers([1], { low: 0, high: 1 << 30, generator }).item();

/** Number of spots on the ring. */
export const ringSpots = 8;
/** Standard deviation of a spot of the ring. */
export const spotSpread = 0.05;

/** The middles of the spots of the ring, `[8, 2]`. */
export function ringMiddles(at: Tensor): Tensor {
  const angles = at.cast("float32").mul((2 * Math.PI) / ringSpots);
  return stack([cos(angles), sin(angles)], 1);
}

/** Distributions of points in the plane, around its middle. Each draws some points, `[count, 2]`. */
export const shapes = {
  spot: (count, generator) => normal([count, 2], { std: 0.25, generator }).add(tensor([0.6, 0.4])),
  ring: (count, generator) => ringMiddles(randomIntegers([count], { low: 0, high: ringSpots, generator })).add(normal([count, 2], { std: spotSpread, generator })),
  moons: (count, generator) => moons({ count, noise: 0.05, seed: seedFrom(generator) }).batch(Array.from({ length: count }, (_, at) => at))[0].sub(tensor([0.5, 0.25])),
  spiral: (count, generator) => spirals({ count, arms: 1, turns: 1.5, noise: 0.02, seed: seedFrom(generator) }).batch(Array.from({ length: count }, (_, at) => at))[0].mul(1.4),
} as const satisfies Readonly<Record<string, (count: number, generator: Generator) => Tensor>>;

export type ShapeName = keyof typeof shapes;

/** The part of the plane that figures show, along both axes. */
export const shapeRange = [-2, 2] as const;
