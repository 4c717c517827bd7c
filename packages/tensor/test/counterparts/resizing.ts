import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";
import type { RecordedArguments } from "../reference.js";

type Run = (inputs: readonly Tensor[], args: RecordedArguments) => Tensor | readonly Tensor[];

const adaptive = (run: (x: Tensor, size: nn.AdaptiveSize) => Tensor): Run => ([x], args) => run(x as Tensor, args["output_size"] as nn.AdaptiveSize);

const interpolate: Run = ([x], { size, scale_factor: scale, mode, align_corners: alignCorners }) =>
  nn.interpolate(x as Tensor, { size, scale, mode: mode === "nearest-exact" ? "nearestExact" : mode, alignCorners } as nn.InterpolateOptions);

const factor = (run: (x: Tensor, factor: number) => Tensor, name: string): Run => ([x], args) => run(x as Tensor, args[name] as number);

/** What stands for PyTorch's adaptive, power-mean and reversed poolings, for its resampling and its shuffles. */
export const resizingCounterparts: Readonly<Record<string, Run>> = {
  "nn.AdaptiveAvgPool1d": adaptive(nn.adaptiveAvgPool1d), "nn.AdaptiveAvgPool2d": adaptive(nn.adaptiveAvgPool2d), "nn.AdaptiveAvgPool3d": adaptive(nn.adaptiveAvgPool3d),
  "nn.AdaptiveMaxPool1d": adaptive(nn.adaptiveMaxPool1d), "nn.AdaptiveMaxPool2d": adaptive(nn.adaptiveMaxPool2d), "nn.AdaptiveMaxPool3d": adaptive(nn.adaptiveMaxPool3d),
  "nn.LPPool1d": ([x], args) => nn.lpPool1d(x as Tensor, args["norm_type"] as number, args["kernel_size"] as number),
  "nn.MaxUnpool2d": ([x, indices], args) => nn.maxUnpool2d(x as Tensor, indices as Tensor, args["kernel_size"] as number),
  "nn.Upsample": interpolate, "nn.functional.interpolate": interpolate,
  "nn.PixelShuffle": factor(nn.pixelShuffle, "upscale_factor"), "nn.PixelUnshuffle": factor(nn.pixelUnshuffle, "downscale_factor"),
  "nn.ChannelShuffle": factor(nn.channelShuffle, "groups"),
};
