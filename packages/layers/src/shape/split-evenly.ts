import { customVjp } from "@nn/autograd";
import { concat, split, type Tensor } from "@nn/tensor";
import { normalizeAxis } from "@nn/tensor/extend";

/**
 * Splits a tensor into equal parts along an axis, like `split`. The gradients of the parts are concatenated into one tensor. With
 * separate slices, each gradient would be padded to the whole shape, and these would be added.
 */
export function splitEvenly(x: Tensor, count: number, axis: number): readonly Tensor[] {
  const at = normalizeAxis("splitEvenly", axis, x.rank);
  const size = (x.shape[at] ?? 0) / count;
  return customVjp((whole: Tensor): readonly Tensor[] => split(whole, size, at), (gradients) => [concat(gradients, at)])(x);
}
