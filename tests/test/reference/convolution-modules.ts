import {
  Bilinear, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Fold, Unfold,
  type ConvolutionLayerOptions, type PaddingMode, type TransposedConvolutionLayerOptions,
} from "@nn/layers";
import type { FloatDType, PerAxis, Size2d, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-modules.js";
import type { ModuleFactory } from "./modules.js";

/** One number or several, which must be there. */
export function perAxis(args: Arguments, name: string): PerAxis {
  const value = args.maybeNumbers(name);
  if (value === undefined) throw new TypeError(`argument ${name} is missing`);
  return value;
}

/** Height and width. */
export function size2d(args: Arguments, name: string): Size2d {
  const size = perAxis(args, name);
  return typeof size === "number" ? size : [size[0] ?? 0, size[1] ?? 0];
}

function options(args: Arguments, dtype: FloatDType): ConvolutionLayerOptions {
  const padding = args.isText("padding") ? args.text("padding") : args.maybeNumbers("padding");
  return {
    stride: args.maybeNumbers("stride"),
    padding: typeof padding === "string" ? (padding === "same" ? "same" : "valid") : padding,
    dilation: args.maybeNumbers("dilation"),
    groups: args.maybeNumber("groups"),
    bias: args.boolean("bias", true),
    paddingMode: args.text("padding_mode", "zeros") as PaddingMode,
    dtype,
  };
}

function transposedOptions(args: Arguments, dtype: FloatDType): TransposedConvolutionLayerOptions {
  return {
    stride: args.maybeNumbers("stride"),
    padding: args.maybeNumbers("padding"),
    outputPadding: args.maybeNumbers("output_padding"),
    dilation: args.maybeNumbers("dilation"),
    groups: args.maybeNumber("groups"),
    bias: args.boolean("bias", true),
    dtype,
  };
}

const sizes = (args: Arguments): [number, number, PerAxis] => [args.number("in_channels"), args.number("out_channels"), perAxis(args, "kernel_size")];

const unfoldOptions = (args: Arguments) =>
  Object.fromEntries(["stride", "padding", "dilation"].filter((name) => args.has(name)).map((name) => [name, size2d(args, name)]));

/** Convolutions of one tensor. */
export const convolutionModules: Readonly<Record<string, ModuleFactory>> = {
  "nn.Conv1d": (args, dtype) => new Conv1d(...sizes(args), options(args, dtype)),
  "nn.Conv2d": (args, dtype) => new Conv2d(...sizes(args), options(args, dtype)),
  "nn.Conv3d": (args, dtype) => new Conv3d(...sizes(args), options(args, dtype)),
  "nn.Fold": (args) => new Fold(size2d(args, "output_size"), size2d(args, "kernel_size"), unfoldOptions(args)),
  "nn.Unfold": (args) => new Unfold(size2d(args, "kernel_size"), unfoldOptions(args)),
};

const transposed = (Layer: typeof ConvTranspose1d | typeof ConvTranspose2d | typeof ConvTranspose3d): CalledModuleFactory => (args, dtype, callArgs) => {
  const module = new Layer(...sizes(args), transposedOptions(args, dtype));
  const outputSize = callArgs.maybeNumbers("output_size");
  return { module, call: ({ input }) => [module.forward(input as Tensor, outputSize)] };
};

/** What takes two tensors, or an argument with its call. */
export const calledConvolutionModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.Bilinear": (args, dtype) => {
    const module = new Bilinear(args.number("in1_features"), args.number("in2_features"), args.number("out_features"), { bias: args.boolean("bias", true), dtype });
    return { module, call: (inputs) => [module.forward(...(Object.values(inputs) as [Tensor, Tensor]))] };
  },
  "nn.ConvTranspose1d": transposed(ConvTranspose1d),
  "nn.ConvTranspose2d": transposed(ConvTranspose2d),
  "nn.ConvTranspose3d": transposed(ConvTranspose3d),
};
