import { Conv2d, Linear, type Module } from "@nn/layers";
import { sizeOf } from "@nn/tensor/extend";

/** The layers that have forms with smaller weights. */
export type FloatLayer = Linear | Conv2d;

export function isFloatLayer(module: Module): module is FloatLayer {
  return module instanceof Linear || module instanceof Conv2d;
}

/** What makes another form of each layer. */
export interface Forms<Form> {
  linear(layer: Linear): Form;
  conv2d(layer: Conv2d): Form;
  /** What the weights of the form are, for the reason why there is none. */
  readonly weights: string;
}

/** A new layer in place of this one, or why there is none. Classes that extend these layers may compute something else. */
export function formOf<Form>(module: Module, { linear, conv2d, weights }: Forms<Form>): Form | string {
  if (!isFloatLayer(module) || (module.constructor !== Linear && module.constructor !== Conv2d)) return `there is no form of ${module.constructor.name} with ${weights}`;
  if (module.weight.dtype !== "float32") return `its weights are ${module.weight.dtype}`;
  if (sizeOf(module.weight.shape) === 0) return "it has no weights";
  if (module instanceof Linear) return linear(module);
  return module.groups > 1 ? `its channels are in ${module.groups} groups` : conv2d(module);
}
