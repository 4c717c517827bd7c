import * as nn from "@nn/tensor";
import type { ConvolutionOptions, ConvTransposeOptions } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { paddingOf } from "../convolution-modules.js";
import { required, type Operations } from "./operation.js";

const options = (args: Arguments): ConvolutionOptions => ({
  stride: args.maybeNumbers("stride"), padding: paddingOf(args), dilation: args.maybeNumbers("dilation"), groups: args.maybeNumber("groups"),
});

const transposedOptions = (args: Arguments): ConvTransposeOptions => ({
  stride: args.maybeNumbers("stride"), padding: args.maybeNumbers("padding"), outputPadding: args.maybeNumbers("output_padding"), groups: args.maybeNumber("groups"),
  dilation: args.maybeNumbers("dilation"),
});

/** Functions that slide a kernel. */
export const convolution: Operations = {
  "nn.functional.conv1d": ([x, weight, bias], args) => nn.conv1d(required(x), required(weight), bias, options(args)),
  "nn.functional.conv2d": ([x, weight, bias], args) => nn.conv2d(required(x), required(weight), bias, options(args)),
  "nn.functional.conv3d": ([x, weight, bias], args) => nn.conv3d(required(x), required(weight), bias, options(args)),
  "nn.functional.conv_transpose1d": ([x, weight, bias], args) => nn.convTranspose1d(required(x), required(weight), bias, transposedOptions(args)),
  "nn.functional.conv_transpose2d": ([x, weight, bias], args) => nn.convTranspose2d(required(x), required(weight), bias, transposedOptions(args)),
  "nn.functional.conv_transpose3d": ([x, weight, bias], args) => nn.convTranspose3d(required(x), required(weight), bias, transposedOptions(args)),
};
