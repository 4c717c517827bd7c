import { labelled, type LabelledDataset } from "./labelled.js";

/**
 * The four points of the exclusive or: `x` `[4, 2]` with entries 0 and 1; `y` `[4]` is 1 where exactly one of them is 1. A single
 * layer cannot separate the classes (Minsky and Papert 1969).
 *
 * @example
 * ```ts
 * import { xor } from "@nn/data";
 * const [x, y] = xor().tensors;
 * x.toArray(); // => [[0, 0], [0, 1], [1, 0], [1, 1]]
 * y.toArray(); // => [0, 1, 1, 0]
 * ```
 */
export function xor(): LabelledDataset {
  return labelled(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), Int32Array.of(0, 1, 1, 0), [2]);
}
