import { customVjp } from "@nn/autograd";
import { concat, split, type Tensor } from "@nn/tensor";
import { normalizeAxis } from "@nn/tensor/extend";

/**
 * Equal parts along an axis, as `split` gives them. Their gradients are joined into one tensor, where those of as many separate
 * slices would each be padded to the whole and added up.
 */
export function takeApart(x: Tensor, count: number, axis: number): readonly Tensor[] {
  const at = normalizeAxis("takeApart", axis, x.rank);
  const size = (x.shape[at] ?? 0) / count;
  return customVjp((whole: Tensor): readonly Tensor[] => split(whole, size, at), (gradients) => [concat(gradients, at)])(x);
}
