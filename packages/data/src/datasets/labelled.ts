import { Tensor } from "@nn/tensor";
import { TensorDataset } from "../tensor-dataset.js";

/** Points or images as float32 and their classes as int32. */
export type LabelledDataset = TensorDataset<readonly [x: Tensor, y: Tensor]>;

/** Makes a data set of `[x, y]` from rows of numbers and their classes. */
export function labelled(x: Float32Array, y: Int32Array, itemShape: readonly number[]): LabelledDataset {
  return new TensorDataset(new Tensor([y.length, ...itemShape], "float32", x), new Tensor([y.length], "int32", y));
}
