import { requireKind } from "../arguments/kinds.js";
import { ShapeError } from "../errors.js";
import { requireTensor } from "../operand.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { permute, reshape } from "./shape.js";

/** Splits `[…, C, H, W]` into its leading axes and the last three. */
function image(operation: string, x: Tensor): { readonly leading: readonly number[]; readonly channels: number; readonly height: number; readonly width: number } {
  requireTensor(operation, x);
  const [channels, height, width] = x.shape.slice(-3);
  if (channels === undefined || height === undefined || width === undefined) {
    throw new ShapeError(`${operation}: input is ${formatShape(x.shape)}, expected [..., C, H, W]`);
  }
  return { leading: x.shape.slice(0, -3), channels, height, width };
}

/**
 * Turns channels into pixels: `[…, C · r², H, W] → […, C, H · r, W · r]` (Shi et al. 2016). {@link pixelUnshuffle} is the inverse.
 *
 * @example
 * ```ts
 * import { pixelShuffle, tensor } from "@nn/tensor";
 * pixelShuffle(tensor([[[1]], [[2]], [[3]], [[4]]]), 2).toArray(); // => [[[1, 2], [3, 4]]]
 * ```
 * @throws ShapeError if the channels do not split into `r²`.
 */
export function pixelShuffle(x: Tensor, factor: number): Tensor {
  requireKind("pixelShuffle", "factor", factor, "count");
  const { leading, channels, height, width } = image("pixelShuffle", x);
  const outputs = channels / (factor * factor);
  if (!Number.isInteger(outputs)) {
    throw new ShapeError(`pixelShuffle: the ${channels} channels of input ${formatShape(x.shape)} do not split into ${factor} x ${factor}`);
  }
  const split = reshape(x, [...leading, outputs, factor, factor, height, width]);
  const first = leading.length;
  const axes = [...leading.keys(), first, first + 3, first + 1, first + 4, first + 2];
  return reshape(permute(split, axes), [...leading, outputs, height * factor, width * factor]);
}

/**
 * Turns pixels into channels: `[…, C, H · r, W · r] → […, C · r², H, W]`. {@link pixelShuffle} is the inverse.
 * @throws ShapeError if height or width do not split into `r`.
 */
export function pixelUnshuffle(x: Tensor, factor: number): Tensor {
  requireKind("pixelUnshuffle", "factor", factor, "count");
  const { leading, channels, height, width } = image("pixelUnshuffle", x);
  const [rows, columns] = [height / factor, width / factor];
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) {
    throw new ShapeError(`pixelUnshuffle: height ${height} and width ${width} of input ${formatShape(x.shape)} do not both split into ${factor}`);
  }
  const split = reshape(x, [...leading, channels, rows, factor, columns, factor]);
  const first = leading.length;
  const axes = [...leading.keys(), first, first + 2, first + 4, first + 1, first + 3];
  return reshape(permute(split, axes), [...leading, channels * factor * factor, rows, columns]);
}

/**
 * Reorders the channels of `[N, C, …]`: takes one channel of each group in turn, so that a following grouped convolution mixes the groups
 * (Zhang et al. 2018).
 *
 * @example
 * ```ts
 * import { channelShuffle, tensor } from "@nn/tensor";
 * channelShuffle(tensor([[1, 2, 3, 4]]), 2).toArray(); // => [[1, 3, 2, 4]]
 * ```
 * @throws ShapeError if the channels do not split into the groups.
 */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  requireKind("channelShuffle", "groups", groups, "count");
  requireTensor("channelShuffle", x);
  const [batch, channels, ...rest] = x.shape;
  if (batch === undefined || channels === undefined || channels % groups !== 0) {
    throw new ShapeError(`channelShuffle: input is ${formatShape(x.shape)}, expected [N, C, ...] with channels that split into ${groups} groups`);
  }
  const split = reshape(x, [batch, groups, channels / groups, ...rest]);
  return reshape(permute(split, [0, 2, 1, ...rest.map((_, at) => at + 3)]), x.shape);
}
