import {
  ChannelShuffle, ConstantPad1d, ConstantPad2d, CosineSimilarity, PairwiseDistance, PixelShuffle, PixelUnshuffle, ReflectionPad1d, ReflectionPad2d,
  ReplicationPad2d, Unflatten, Upsample, ZeroPad2d, type PaddingWidths,
} from "@nn/layers";
import type { InterpolateOptions, InterpolationMode, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-modules.js";
import type { ModuleFactory } from "./modules.js";

/** PyTorch's flat list starts with the last axis. */
function widths(args: Arguments): PaddingWidths {
  if (args.isNumber("padding")) return args.number("padding");
  const flat = args.numbers("padding");
  return Array.from({ length: flat.length / 2 }, (_, axis) => [flat[2 * axis] ?? 0, flat[2 * axis + 1] ?? 0] as const).toReversed();
}

function interpolateOptions(args: Arguments): InterpolateOptions {
  const mode = args.text("mode", "nearest");
  return {
    size: args.maybeNumbers("size"),
    scale: args.maybeNumbers("scale_factor"),
    mode: mode === "nearest-exact" ? "nearestExact" : (mode as InterpolationMode),
    alignCorners: args.boolean("align_corners", false),
  };
}

/** Layers that move, repeat and weigh elements. */
export const resizingModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.ChannelShuffle": (args) => new ChannelShuffle(args.number("groups")),
  "nn.ConstantPad1d": (args) => new ConstantPad1d(widths(args), args.number("value")),
  "nn.ConstantPad2d": (args) => new ConstantPad2d(widths(args), args.number("value")),
  "nn.PixelShuffle": (args) => new PixelShuffle(args.number("upscale_factor")),
  "nn.PixelUnshuffle": (args) => new PixelUnshuffle(args.number("downscale_factor")),
  "nn.ReflectionPad1d": (args) => new ReflectionPad1d(widths(args)),
  "nn.ReflectionPad2d": (args) => new ReflectionPad2d(widths(args)),
  "nn.ReplicationPad2d": (args) => new ReplicationPad2d(widths(args)),
  "nn.Unflatten": (args) => new Unflatten(args.number("dim"), args.numbers("unflattened_size")),
  "nn.Upsample": (args) => new Upsample(interpolateOptions(args)),
  "nn.ZeroPad2d": (args) => new ZeroPad2d(widths(args)),
  "nn.functional.interpolate": (args) => new Upsample(interpolateOptions(args)),
};

/** Similarities of two tensors. */
export const similarityModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.CosineSimilarity": (args) => {
    const module = new CosineSimilarity({ axis: args.number("dim", 1), epsilon: args.number("eps", 1e-8) });
    return { module, call: (inputs) => [module.forward(...(Object.values(inputs) as [Tensor, Tensor]))] };
  },
  "nn.PairwiseDistance": (args) => {
    const module = new PairwiseDistance({ p: args.number("p", 2), epsilon: args.number("eps", 1e-6), keepDims: args.boolean("keepdim", false) });
    return { module, call: (inputs) => [module.forward(...(Object.values(inputs) as [Tensor, Tensor]))] };
  },
};
