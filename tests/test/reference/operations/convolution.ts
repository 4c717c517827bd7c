import * as nn from "@nn/tensor";
import type { ConvolutionOptions } from "@nn/tensor";
import type { Arguments } from "../arguments.js";
import { required, type Operations } from "./operation.js";

const options = (args: Arguments): ConvolutionOptions => ({
  stride: args.maybeNumbers("stride"), padding: args.maybeNumbers("padding"), dilation: args.maybeNumbers("dilation"), groups: args.maybeNumber("groups"),
});

/** Functions that slide a kernel. */
export const convolution: Operations = {
  "nn.functional.conv1d": ([x, weight, bias], args) => nn.conv1d(required(x), required(weight), bias, options(args)),
  "nn.functional.conv2d": ([x, weight, bias], args) => nn.conv2d(required(x), required(weight), bias, options(args)),
};
