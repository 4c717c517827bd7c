import { RandomStream } from "../../src/random-stream.js";
import { dimensionsOf, type Point } from "../../src/space/dimension.js";
import type { Observation, SampleRequest } from "../../src/samplers/sampler.js";
import type { Space } from "../../src/index.js";

/** A request to a sampler. */
export function request(space: Space, number: number, observations: readonly Observation[] = [], seed = 1): SampleRequest {
  return { dimensions: dimensionsOf(space), number, seed, random: new RandomStream(seed, number), observations };
}

/** A completed trial. */
export function completed(number: number, point: Point, value: number): Observation {
  return { number, point, state: "completed", value, lastStep: undefined };
}
