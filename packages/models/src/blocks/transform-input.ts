import { tensor, type Tensor } from "@nn/tensor";

/** From images normalised by ImageNet's means and standard deviations to images from −1 to 1, with which the published Inception networks were trained. */
export function transformInput(x: Tensor): Tensor {
  const scale = tensor([0.229 / 0.5, 0.224 / 0.5, 0.225 / 0.5], { shape: [1, 3, 1, 1] });
  const shift = tensor([(0.485 - 0.5) / 0.5, (0.456 - 0.5) / 0.5, (0.406 - 0.5) / 0.5], { shape: [1, 3, 1, 1] });
  return x.mul(scale).add(shift);
}
