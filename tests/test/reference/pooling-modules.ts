import {
  AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d,
  LpPool1d, MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool2d, type MaxPoolLayerOptions,
} from "@nn/layers";
import type { AdaptiveSize, AvgPoolOptions, LpPoolOptions, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-modules.js";
import { perAxis } from "./convolution-modules.js";
import type { ModuleFactory } from "./modules.js";

const window = (args: Arguments) => perAxis(args, "kernel_size");

const maxOptions = (args: Arguments): MaxPoolLayerOptions => ({
  stride: args.maybeNumbers("stride"),
  padding: args.maybeNumbers("padding"),
  dilation: args.maybeNumbers("dilation"),
  ceilMode: args.boolean("ceil_mode", false),
});

const avgOptions = (args: Arguments): AvgPoolOptions => ({
  stride: args.maybeNumbers("stride"),
  padding: args.maybeNumbers("padding"),
  ceilMode: args.boolean("ceil_mode", false),
  countIncludePad: args.boolean("count_include_pad", true),
  divisor: args.maybeNumber("divisor_override"),
});

const lpOptions = (args: Arguments): LpPoolOptions => ({ stride: args.maybeNumbers("stride"), ceilMode: args.boolean("ceil_mode", false) });

/** One size or one for each axis; `null` keeps an axis. */
function adaptiveSize(args: Arguments): AdaptiveSize {
  if (args.isNumber("output_size")) return args.number("output_size");
  return args.list("output_size").map((each) => (each === null ? null : Number(each)));
}

/** Poolings that give one tensor. */
export const poolingModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.AdaptiveAvgPool1d": (args) => new AdaptiveAvgPool1d(adaptiveSize(args)),
  "nn.AdaptiveAvgPool2d": (args) => new AdaptiveAvgPool2d(adaptiveSize(args)),
  "nn.AdaptiveAvgPool3d": (args) => new AdaptiveAvgPool3d(adaptiveSize(args)),
  "nn.AdaptiveMaxPool1d": (args) => new AdaptiveMaxPool1d(adaptiveSize(args)),
  "nn.AdaptiveMaxPool2d": (args) => new AdaptiveMaxPool2d(adaptiveSize(args)),
  "nn.AdaptiveMaxPool3d": (args) => new AdaptiveMaxPool3d(adaptiveSize(args)),
  "nn.AvgPool1d": (args) => new AvgPool1d(window(args), avgOptions(args)),
  "nn.AvgPool2d": (args) => new AvgPool2d(window(args), avgOptions(args)),
  "nn.AvgPool3d": (args) => new AvgPool3d(window(args), avgOptions(args)),
  "nn.MaxPool1d": (args) => new MaxPool1d(window(args), maxOptions(args)),
  "nn.MaxPool2d": (args) => new MaxPool2d(window(args), maxOptions(args)),
  "nn.MaxPool3d": (args) => new MaxPool3d(window(args), maxOptions(args)),
  "nn.LPPool1d": (args) => new LpPool1d(args.number("norm_type"), window(args), lpOptions(args)),
};

const maxPool = (Layer: typeof MaxPool1d | typeof MaxPool2d | typeof MaxPool3d): CalledModuleFactory => (args) => {
  const module = new Layer(window(args), maxOptions(args));
  if (!args.boolean("return_indices", false)) return { module, call: ({ input }) => [module.forward(input as Tensor)] };
  return { module, call: ({ input }) => Object.values(module.forwardWithIndices(input as Tensor)) };
};

/** Poolings that give or take indices. */
export const calledPoolingModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.MaxPool1d": maxPool(MaxPool1d),
  "nn.MaxPool2d": maxPool(MaxPool2d),
  "nn.MaxPool3d": maxPool(MaxPool3d),
  "nn.MaxUnpool2d": (args) => {
    const module = new MaxUnpool2d(window(args));
    return { module, call: ({ input, indices }) => [module.forward(input as Tensor, indices as Tensor)] };
  },
};
