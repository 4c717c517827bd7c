import {
  ChannelShuffle, CircularPad1d, CircularPad2d, CircularPad3d, ConstantPad1d, ConstantPad2d, ConstantPad3d, CosineSimilarity, PairwiseDistance, PixelShuffle,
  PixelUnshuffle, ReflectionPad1d, ReflectionPad2d, ReflectionPad3d, ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, Unflatten, Upsample, ZeroPad1d, ZeroPad2d,
  ZeroPad3d, type PaddingWidths,
} from "@nn/layers";
import type { InterpolationMode } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import { pairOf, type CalledModuleFactory } from "./called-module.js";
import type { ModuleFactory } from "./module-factory.js";

/** PyTorch's flat list starts with the last axis. */
function widths(args: Arguments): PaddingWidths {
  if (args.isNumber("padding")) return args.number("padding");
  const flat = args.numbers("padding");
  if (flat.length % 2 !== 0) throw new TypeError(`argument padding has ${flat.length} numbers, expected two for each axis`);
  return Array.from({ length: flat.length / 2 }, (_, axis) => [flat[2 * axis] ?? 0, flat[2 * axis + 1] ?? 0] as const).toReversed();
}

const modes = {
  nearest: "nearest", "nearest-exact": "nearestExact", linear: "linear", bilinear: "bilinear", trilinear: "trilinear", bicubic: "bicubic", area: "area",
} as const satisfies Record<string, InterpolationMode>;

function maybeBoolean(args: Arguments, name: string): boolean | undefined {
  if (args.isGiven(name)) return args.boolean(name);
  args.only(name, null);
  return undefined;
}

const upsample: ModuleFactory = (args) => {
  args.only("antialias", false);
  return new Upsample({
    size: args.maybeNumbers("size"),
    scale: args.maybeNumbers("scale_factor"),
    mode: args.choice("mode", modes, "nearest"),
    alignCorners: maybeBoolean(args, "align_corners"),
    recomputeScale: maybeBoolean(args, "recompute_scale_factor"),
  });
};

/** Layers that move, repeat and weigh elements. */
export const resizingModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.ChannelShuffle": (args) => new ChannelShuffle(args.number("groups")),
  "nn.CircularPad1d": (args) => new CircularPad1d(widths(args)),
  "nn.CircularPad2d": (args) => new CircularPad2d(widths(args)),
  "nn.CircularPad3d": (args) => new CircularPad3d(widths(args)),
  "nn.ConstantPad1d": (args) => new ConstantPad1d(widths(args), args.number("value")),
  "nn.ConstantPad2d": (args) => new ConstantPad2d(widths(args), args.number("value")),
  "nn.ConstantPad3d": (args) => new ConstantPad3d(widths(args), args.number("value")),
  "nn.PixelShuffle": (args) => new PixelShuffle(args.number("upscale_factor")),
  "nn.PixelUnshuffle": (args) => new PixelUnshuffle(args.number("downscale_factor")),
  "nn.ReflectionPad1d": (args) => new ReflectionPad1d(widths(args)),
  "nn.ReflectionPad2d": (args) => new ReflectionPad2d(widths(args)),
  "nn.ReflectionPad3d": (args) => new ReflectionPad3d(widths(args)),
  "nn.ReplicationPad1d": (args) => new ReplicationPad1d(widths(args)),
  "nn.ReplicationPad3d": (args) => new ReplicationPad3d(widths(args)),
  "nn.ReplicationPad2d": (args) => new ReplicationPad2d(widths(args)),
  "nn.Unflatten": (args) => new Unflatten(args.number("dim"), args.numbers("unflattened_size")),
  "nn.Upsample": upsample,
  "nn.functional.interpolate": upsample,
  "nn.ZeroPad1d": (args) => new ZeroPad1d(widths(args)),
  "nn.ZeroPad2d": (args) => new ZeroPad2d(widths(args)),
  "nn.ZeroPad3d": (args) => new ZeroPad3d(widths(args)),
};

/** Similarities of two tensors. */
export const similarityModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.CosineSimilarity": (args) => {
    const module = new CosineSimilarity({ axis: args.number("dim", 1), epsilon: args.number("eps", 1e-8) });
    return { module, call: (inputs) => [module.forward(...pairOf(inputs))] };
  },
  "nn.PairwiseDistance": (args) => {
    const module = new PairwiseDistance({ p: args.number("p", 2), epsilon: args.number("eps", 1e-6), keepAxes: args.boolean("keepdim", false) });
    return { module, call: (inputs) => [module.forward(...pairOf(inputs))] };
  },
};
