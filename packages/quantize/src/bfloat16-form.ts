import type { Module } from "@nn/layers";
import { Bfloat16Conv2d } from "./bfloat16-conv2d.js";
import type { Bfloat16Layer } from "./bfloat16-layer.js";
import { Bfloat16Linear } from "./bfloat16-linear.js";
import { formOf, type Forms } from "./float-layer.js";

const forms: Forms<Bfloat16Layer> = {
  linear: ({ inFeatures, outFeatures, bias }) => new Bfloat16Linear(inFeatures, outFeatures, { bias: bias !== undefined }),
  conv2d: ({ inChannels, outChannels, kernelSize, stride, padding, dilation, paddingMode, bias }) =>
    new Bfloat16Conv2d(inChannels, outChannels, kernelSize, { stride, padding, dilation, paddingMode, bias: bias !== undefined }),
  weights: "bfloat16",
};

/** A new layer with weights of bfloat16 in place of this one, or why there is none. */
export const bfloat16Form = (module: Module): Bfloat16Layer | string => formOf(module, forms);
