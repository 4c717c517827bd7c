import { moduleClass, type ModuleClasses } from "@nn/layers";
import { Bfloat16Conv2d } from "./bfloat16-conv2d.js";
import { Bfloat16Linear } from "./bfloat16-linear.js";
import type { Convolution } from "./patches.js";
import { QuantizedConv2d } from "./quantized-conv2d.js";
import { QuantizedLinear } from "./quantized-linear.js";

type WithBias<T> = T & { readonly bias: unknown };

const linearArguments = ({ inFeatures, outFeatures, bias }: WithBias<{ readonly inFeatures: number; readonly outFeatures: number }>) => [inFeatures, outFeatures, { bias: bias !== undefined }] as const;

const convolutionArguments = ({ inChannels, outChannels, kernelSize, stride, padding, dilation, paddingMode, bias }: WithBias<Convolution>) =>
  [inChannels, outChannels, kernelSize, { stride, padding, dilation, paddingMode, bias: bias !== undefined }] as const;

/**
 * The layers of quantized models and of those with bfloat16, for descriptions of models: `describeModel(model, { ...layerClasses, ...quantizedClasses })`.
 */
export const quantizedClasses: ModuleClasses = {
  QuantizedLinear: moduleClass(QuantizedLinear, linearArguments),
  QuantizedConv2d: moduleClass(QuantizedConv2d, convolutionArguments),
  Bfloat16Linear: moduleClass(Bfloat16Linear, linearArguments),
  Bfloat16Conv2d: moduleClass(Bfloat16Conv2d, convolutionArguments),
};
