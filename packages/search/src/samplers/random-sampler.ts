import { exists, type Dimension, type Point } from "../space/dimension.js";
import type { Sampler } from "./sampler.js";

/** Independent points, uniformly distributed over the space (Bergstra and Bengio 2012). */
export function randomSampler(): Sampler {
  return { name: "random", suggest: ({ dimensions, random }) => pointFrom(dimensions, () => random.uniform()) };
}

/** The point with these coordinates, without the dimensions that do not exist there. */
export function pointFrom(dimensions: readonly Dimension[], coordinate: (index: number) => number): Point {
  const point: (number | undefined)[] = [];
  for (const [index, dimension] of dimensions.entries()) {
    const at = coordinate(index);
    point.push(exists(dimension, point, dimensions) ? at : undefined);
  }
  return point;
}
