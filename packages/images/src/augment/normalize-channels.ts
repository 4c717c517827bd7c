import { ArgumentError, div, ShapeError, sub, tensor, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireOptions } from "@nn/tensor/extend";
import { requireFloatImages } from "./requirements.js";

/** The mean and the standard deviation of each channel of a data set. */
export interface ChannelStatistics {
  /** The mean of each channel. */
  readonly mean: readonly number[];
  /** The standard deviation of each channel, above 0. */
  readonly std: readonly number[];
}

/** The statistics of red, green and blue in ImageNet, for values from 0 to 1. The pretrained networks of torchvision expect images normalized with them. */
export const imagenetStatistics: ChannelStatistics = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/**
 * `(images − mean) / std` for each channel of images `[…, C, H, W]`. torchvision: `normalize`.
 *
 * @example
 * ```ts
 * import { imagenetStatistics, normalizeChannels } from "@nn/images";
 * import { full } from "@nn/tensor";
 * normalizeChannels(full([1, 2, 2], 0.75), { mean: [0.5], std: [0.25] }).toArray(); // => [[[1, 1], [1, 1]]]
 * normalizeChannels(full([3, 8, 8], 0.5), imagenetStatistics).shape; // => [3, 8, 8]
 * ```
 * @throws ShapeError unless there are as many means and standard deviations as channels.
 */
export function normalizeChannels(images: Tensor, statistics: ChannelStatistics): Tensor {
  requireFloatImages("normalizeChannels", images);
  const channels = images.shape.at(-3) ?? 0;
  requireOptions("normalizeChannels", statistics, { mean: "any", std: "any" });
  const { mean, std } = Object(statistics) as ChannelStatistics;
  const column = (name: string, values: readonly number[], least: number): Tensor => {
    if (!Array.isArray(values) || !values.every((value) => Number.isFinite(value) && value > least)) {
      throw new ArgumentError(`normalizeChannels: ${name} is ${describeValue(values)}, expected a list of ${least === 0 ? "positive " : ""}numbers, one for each channel`);
    }
    if (values.length !== channels) throw new ShapeError(`normalizeChannels: ${name} has ${values.length} numbers, but images ${formatShape(images.shape)} have ${channels} channels`);
    return tensor(values, { dtype: images.dtype }).reshape([channels, 1, 1]);
  };
  return div(sub(images, column("mean", mean, -Infinity)), column("std", std, 0));
}
