import { Conv2d, Linear, type Module } from "@nn/layers";
import { sizeOf } from "@nn/tensor/extend";
import { QuantizedConv2d } from "./quantized-conv2d.js";
import type { QuantizedLayer } from "./quantized-layer.js";
import { QuantizedLinear } from "./quantized-linear.js";

/** The layers that have a form with whole numbers. */
export type FloatLayer = Linear | Conv2d;

export function isFloatLayer(module: Module): module is FloatLayer {
  return module instanceof Linear || module instanceof Conv2d;
}

/** A new layer with whole numbers in place of this one, or why there is none. Classes that extend these layers may compute something else. */
export function quantizedForm(module: Module): QuantizedLayer | string {
  if (module instanceof Linear && module.constructor === Linear) {
    if (module.weight.dtype !== "float32") return `its weights are ${module.weight.dtype}`;
    if (sizeOf(module.weight.shape) === 0) return "it has no weights";
    return new QuantizedLinear(module.inFeatures, module.outFeatures, { bias: module.bias !== undefined });
  }
  if (module instanceof Conv2d && module.constructor === Conv2d) {
    if (module.weight.dtype !== "float32") return `its weights are ${module.weight.dtype}`;
    if (module.groups > 1) return `its channels are in ${module.groups} groups`;
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, paddingMode, bias } = module;
    return new QuantizedConv2d(inChannels, outChannels, kernelSize, { stride, padding, dilation, paddingMode, bias: bias !== undefined });
  }
  return `there is no form of ${module.constructor.name} with whole numbers`;
}
