import { maximum, norm, type Tensor } from "@nn/tensor";
import { normalizeAxis, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Module } from "../module.js";
import { Parameter } from "../parameter.js";
import { derive, parameterIn } from "./derived-parameter.js";

/** Options of {@link weightNorm}. */
export interface WeightNormOptions {
  /** The field that holds the parameter; default `"weight"`. */
  readonly field?: string | undefined;
  /** The axis along which each slice has its own length; `null`: one length for the whole weight. Default 0, the outputs of a layer. */
  readonly axis?: number | null | undefined;
}

const weightNormOptions: OptionKinds<WeightNormOptions> = { field: "string", axis: "any" };

/**
 * Weight normalisation (Salimans and Kingma 2016): the weight of a layer becomes `g · v / ‖v‖`, so that its length `g` and its
 * direction `v` are learned separately. Changes the module and returns it.
 *
 * The module then has the parameters `weightG`, `[out, 1, …]`, and `weightV`, of the weight's shape. The state dictionary names them
 * `weight_g` and `weight_v`, like PyTorch's `nn.utils.weight_norm`. Create optimizers after this call.
 *
 * @example
 * ```ts
 * import { Linear, weightNorm } from "@nn/layers";
 * const layer = weightNorm(new Linear(3, 2));
 * Object.keys(layer.stateDict()); // => ["bias", "weight_g", "weight_v"]
 * ```
 * @throws ArgumentError if there is no such parameter.
 */
export function weightNorm<M extends Module>(module: M, options: WeightNormOptions = {}): M {
  requireOptions("weightNorm", options, weightNormOptions);
  const { field = "weight", axis = 0 } = options;
  const direction = parameterIn("weightNorm", module, field);
  const kept = axis === null ? undefined : normalizeAxis("weightNorm", axis, direction.shape.length);
  const summed = direction.shape.map((_, each) => each).filter((each) => each !== kept);
  const lengthOf = (v: Tensor): Tensor => norm(v, { axis: summed, keepAxes: kept !== undefined });
  const length = new Parameter(lengthOf(direction.value), { name: `${module.constructor.name}.${field}G`, trainable: direction.trainable });
  derive(module, field, direction, {
    compute: () => {
      const v = direction.value;
      return v.mul(length.value.div(maximum(lengthOf(v), 1e-12)));
    },
    assign: (next) => {
      direction.value = next;
      length.value = lengthOf(next);
    },
    fields: { [`${field}G`]: length, [`${field}V`]: direction },
  });
  return module;
}
