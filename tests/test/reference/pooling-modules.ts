import {
  AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveAvgPool3d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AdaptiveMaxPool3d, AvgPool1d, AvgPool2d, AvgPool3d,
  LpPool1d, LpPool2d, LpPool3d, MaxPool1d, MaxPool2d, MaxPool3d, MaxUnpool1d, MaxUnpool2d, MaxUnpool3d, type MaxPoolLayerOptions,
} from "@nn/layers";
import type { AdaptiveSize, AvgPoolOptions, LpPoolOptions, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-module.js";
import type { ModuleFactory } from "./module-factory.js";

const window = (args: Arguments) => args.oneOrMore("kernel_size");

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
  return args.list("output_size").map((each) => {
    if (each !== null && typeof each !== "number") throw new TypeError(`argument output_size holds ${JSON.stringify(each)}, expected numbers or null`);
    return each;
  });
}

/** Poolings of one tensor to one tensor, as models hold them. */
export const poolingModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.AdaptiveAvgPool1d": (args) => new AdaptiveAvgPool1d(adaptiveSize(args)),
  "nn.AdaptiveAvgPool2d": (args) => new AdaptiveAvgPool2d(adaptiveSize(args)),
  "nn.AdaptiveAvgPool3d": (args) => new AdaptiveAvgPool3d(adaptiveSize(args)),
  "nn.AvgPool1d": (args) => new AvgPool1d(window(args), avgOptions(args)),
  "nn.AvgPool2d": (args) => new AvgPool2d(window(args), avgOptions(args)),
  "nn.AvgPool3d": (args) => new AvgPool3d(window(args), avgOptions(args)),
  "nn.MaxPool1d": (args) => new MaxPool1d(window(args), maxOptions(args)),
  "nn.MaxPool2d": (args) => new MaxPool2d(window(args), maxOptions(args)),
  "nn.MaxPool3d": (args) => new MaxPool3d(window(args), maxOptions(args)),
  "nn.LPPool1d": (args) => new LpPool1d(args.number("norm_type"), window(args), lpOptions(args)),
  "nn.LPPool2d": (args) => new LpPool2d(args.number("norm_type"), window(args), lpOptions(args)),
  "nn.LPPool3d": (args) => new LpPool3d(args.number("norm_type"), window(args), lpOptions(args)),
};

const maxPool = (Layer: typeof MaxPool1d | typeof MaxPool2d | typeof MaxPool3d): CalledModuleFactory => (args) => {
  const module = new Layer(window(args), maxOptions(args));
  if (!args.boolean("return_indices", false)) return { module, call: ({ input }) => [module.forward(input as Tensor)] };
  return { module, call: ({ input }) => Object.values(module.forwardWithIndices(input as Tensor)) };
};

const adaptiveMaxPool = (Layer: typeof AdaptiveMaxPool1d | typeof AdaptiveMaxPool2d | typeof AdaptiveMaxPool3d): CalledModuleFactory => (args) => {
  const module = new Layer(adaptiveSize(args));
  if (!args.boolean("return_indices", false)) return { module, call: ({ input }) => [module.forward(input as Tensor)] };
  return { module, call: ({ input }) => Object.values(module.forwardWithIndices(input as Tensor)) };
};

const maxUnpool = (Layer: typeof MaxUnpool1d | typeof MaxUnpool2d | typeof MaxUnpool3d): CalledModuleFactory => (args, _, callArgs) => {
  const module = new Layer(window(args), { stride: args.maybeNumbers("stride"), padding: args.maybeNumbers("padding") });
  const given = callArgs.maybeNumbers("output_size");
  return {
    module,
    // PyTorch takes the whole shape, too.
    call: ({ input, indices }) => [module.forward(input as Tensor, indices as Tensor, typeof given === "object" ? given.slice(-module.window.length) : given)],
  };
};

/** Poolings that may give, or take, indices. */
export const calledPoolingModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.MaxPool1d": maxPool(MaxPool1d),
  "nn.MaxPool2d": maxPool(MaxPool2d),
  "nn.MaxPool3d": maxPool(MaxPool3d),
  "nn.MaxUnpool1d": maxUnpool(MaxUnpool1d),
  "nn.MaxUnpool2d": maxUnpool(MaxUnpool2d),
  "nn.MaxUnpool3d": maxUnpool(MaxUnpool3d),
  "nn.AdaptiveMaxPool1d": adaptiveMaxPool(AdaptiveMaxPool1d),
  "nn.AdaptiveMaxPool2d": adaptiveMaxPool(AdaptiveMaxPool2d),
  "nn.AdaptiveMaxPool3d": adaptiveMaxPool(AdaptiveMaxPool3d),
};
