import type { Module } from "@nn/layers";
import { formOf, type Forms } from "./float-layer.js";
import { QuantizedConv2d } from "./quantized-conv2d.js";
import type { QuantizedLayer } from "./quantized-layer.js";
import { QuantizedLinear } from "./quantized-linear.js";

const forms: Forms<QuantizedLayer> = {
  linear: ({ inFeatures, outFeatures, bias }) => new QuantizedLinear(inFeatures, outFeatures, { bias: bias !== undefined }),
  conv2d: ({ inChannels, outChannels, kernelSize, stride, padding, dilation, paddingMode, bias }) =>
    new QuantizedConv2d(inChannels, outChannels, kernelSize, { stride, padding, dilation, paddingMode, bias: bias !== undefined }),
  weights: "whole numbers",
};

/** A new layer with whole numbers in place of this one, or why there is none. */
export const quantizedForm = (module: Module): QuantizedLayer | string => formOf(module, forms);
