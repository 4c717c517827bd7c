import { add, ArgumentError, cast, div, exp, mul, narrow, pad, ShapeError, square, sum, tensor, type Tensor } from "@nn/tensor";
import { describeValue, formatShape } from "@nn/tensor/extend";
import { onBatch, perImage, requireFloatImages, type PerImage } from "./requirements.js";

/**
 * Blurs images `[…, C, H, W]` along both axes with a Gaussian kernel of `kernelSize` pixels, an odd number. The weight at the distance `d` is `exp(−d² / (2σ²))`, divided
 * by the sum of all. `sigma`, σ, is in pixels: one number, or a tensor `[N]` with one for each image. At the edges, images are mirrored. torchvision: `gaussian_blur`.
 *
 * @example
 * ```ts
 * import { gaussianBlur } from "@nn/images";
 * import { tensor } from "@nn/tensor";
 * gaussianBlur(tensor([[[0, 1, 0]]]).expand([1, 3, 3]), 3, 1).select(1, 0).toArray(); // => [[0.548137, 0.451863, 0.548137]]
 * ```
 * @throws ArgumentError unless the kernel has an odd number of pixels; ShapeError if it is larger than `2 · min(H, W) − 1`.
 */
export function gaussianBlur(images: Tensor, kernelSize: number, sigma: PerImage): Tensor {
  requireFloatImages("gaussianBlur", images);
  if (!Number.isSafeInteger(kernelSize) || kernelSize < 1 || kernelSize % 2 === 0) throw new ArgumentError(`gaussianBlur: kernelSize is ${describeValue(kernelSize)}, expected an odd whole number`);
  const radius = (kernelSize - 1) / 2;
  const shorter = Math.min(...images.shape.slice(-2));
  if (radius >= shorter) throw new ShapeError(`gaussianBlur: images are ${formatShape(images.shape)}, too small for a kernelSize of ${kernelSize}; expected at most ${2 * shorter - 1}`);
  return onBatch(images, (batch, count) => {
    const deviation = perImage("gaussianBlur", "sigma", sigma, count, { rank: 2, kind: "positive" });
    const distances = tensor(Array.from({ length: kernelSize }, (_, at) => at - radius), { dtype: "float64" });
    const densities = exp(mul(square(div(distances, deviation)), -0.5));
    const weights = cast(div(densities, sum(densities, 1, { keepAxes: true })), batch.dtype);
    return blurredAlong(blurredAlong(batch, 2, weights, radius), 3, weights, radius);
  });
}

/** The weighted sums of neighbours along an axis; `weights` is `[N, kernel]` or `[1, kernel]`. */
function blurredAlong(batch: Tensor, axis: 2 | 3, weights: Tensor, radius: number): Tensor {
  const length = batch.shape[axis] ?? 0;
  const padded = pad(batch, axis === 2 ? [[radius, radius], [0, 0]] : [[radius, radius]], { mode: "reflect" });
  const parts = Array.from({ length: 2 * radius + 1 }, (_, at) => mul(narrow(padded, axis, at, length), narrow(weights, 1, at, 1).reshape([-1, 1, 1, 1])));
  return parts.reduce((total, part) => add(total, part));
}
