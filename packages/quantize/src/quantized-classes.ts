import { moduleClass, type ModuleClasses } from "@nn/layers";
import { QuantizedConv2d } from "./quantized-conv2d.js";
import { QuantizedLinear } from "./quantized-linear.js";

/**
 * The layers of quantized models, for descriptions of models: `describeModel(model, { ...layerClasses, ...quantizedClasses })`.
 */
export const quantizedClasses: ModuleClasses = {
  QuantizedLinear: moduleClass(QuantizedLinear, ({ inFeatures, outFeatures, bias }) => [inFeatures, outFeatures, { bias: bias !== undefined }]),
  QuantizedConv2d: moduleClass(QuantizedConv2d, ({ inChannels, outChannels, kernelSize, stride, padding, dilation, paddingMode, bias }) => [
    inChannels, outChannels, kernelSize, { stride, padding, dilation, paddingMode, bias: bias !== undefined },
  ]),
};
