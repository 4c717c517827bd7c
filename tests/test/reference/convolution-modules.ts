import {
  Bilinear, Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d, Fold, Unfold,
  type ConvolutionLayerOptions, type PaddingMode, type TransposedConvolutionLayerOptions,
} from "@nn/layers";
import type { FloatDType, PerAxis, Size2d, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import { pairOf, type CalledModuleFactory } from "./called-module.js";
import type { ModuleFactory } from "./module-factory.js";

/** Height and width. */
export const size2d = (args: Arguments, name: string): Size2d => (args.isNumbers(name) ? args.pair(name) : args.number(name));

const paddingModes = { zeros: "zeros", reflect: "reflect", replicate: "replicate", circular: "circular" } as const satisfies Record<string, PaddingMode>;

/** Widths, or PyTorch's names for them. */
export const paddingOf = (args: Arguments): PerAxis | "same" | "valid" | undefined =>
  (args.isText("padding") ? args.choice("padding", { same: "same", valid: "valid" } as const) : args.maybeNumbers("padding"));

function options(args: Arguments, dtype: FloatDType): ConvolutionLayerOptions {
  return {
    stride: args.maybeNumbers("stride"),
    padding: paddingOf(args),
    dilation: args.maybeNumbers("dilation"),
    groups: args.maybeNumber("groups"),
    bias: args.boolean("bias", true),
    paddingMode: args.choice("padding_mode", paddingModes, "zeros"),
    dtype,
  };
}

function transposedOptions(args: Arguments, dtype: FloatDType): TransposedConvolutionLayerOptions {
  // PyTorch supports no other mode for them either.
  args.only("padding_mode", "zeros");
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

const sizes = (args: Arguments): [number, number, PerAxis] => [args.number("in_channels"), args.number("out_channels"), args.oneOrMore("kernel_size")];

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

/** Modules with two input tensors, or an argument of the call. */
export const calledConvolutionModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.Bilinear": (args, dtype) => {
    const module = new Bilinear(args.number("in1_features"), args.number("in2_features"), args.number("out_features"), { bias: args.boolean("bias", true), dtype });
    return { module, call: (inputs) => [module.forward(...pairOf(inputs))] };
  },
  "nn.ConvTranspose1d": transposed(ConvTranspose1d),
  "nn.ConvTranspose2d": transposed(ConvTranspose2d),
  "nn.ConvTranspose3d": transposed(ConvTranspose3d),
};
