import { clamp } from "@nn/tensor";
import type { Clipped, GradientList } from "./norm.js";
import { requireLimit } from "./requirements.js";

/**
 * Clips every element of the gradients to the range from −limit to limit. Missing gradients stay `undefined`.
 * @throws ArgumentError unless the limit is a number that is not negative.
 */
export function clipByValue<List extends GradientList>(gradients: List, limit: number): Clipped<List> {
  requireLimit("clipByValue", gradients, limit);
  return gradients.map((gradient) => (gradient === undefined ? gradient : clamp(gradient, -limit, limit))) as Clipped<List>;
}
