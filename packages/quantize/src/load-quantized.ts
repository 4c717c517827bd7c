import { Module, type StateDict } from "@nn/layers";
import { UsageError } from "@nn/tensor";
import { describeValue, messageOf, requireOptions } from "@nn/tensor/extend";
import { bfloat16Form } from "./bfloat16-form.js";
import { become } from "./become.js";
import { copyModel, type CopyOptions } from "./copy-model.js";
import { quantizedForm } from "./quantized-form.js";

/**
 * The quantized form of a model, or the one with bfloat16, from the state dictionary of one: no calibration is needed. The layers that the dictionary has as whole numbers or as bfloat16 become such.
 *
 * @param model - a model of the same architecture with float32. Its values do not matter, and it does not change.
 * @throws UsageError if the dictionary does not fit.
 *
 * @example
 * ```ts
 * import { ones } from "@nn/tensor";
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { loadQuantized, quantize } from "@nn/quantize";
 *
 * const make = () => new Sequential(new Linear(4, 3), new ReLU(), new Linear(3, 2)).eval();
 * const { model } = quantize(make(), [ones([2, 4])]);
 * const again = loadQuantized(make(), model.stateDict());
 * again.forward(ones([4])).toArray() + "" === model.forward(ones([4])).toArray() + ""; // => true
 * ```
 */
export function loadQuantized<Model extends Module>(model: Model, stateDict: StateDict, options: CopyOptions<Model> = {}): Model {
  requireOptions("loadQuantized", options, { copy: "function" });
  if (!(model instanceof Module)) throw new UsageError(`loadQuantized: got ${describeValue(model)}, expected a module`);
  if (typeof stateDict !== "object" || stateDict === null) throw new UsageError(`loadQuantized: got ${describeValue(stateDict)}, expected a state dictionary`);
  const copy = copyModel("loadQuantized", model, options);
  for (const [name, module] of copy.namedModules()) {
    const has = (buffer: string): boolean => Object.hasOwn(stateDict, name === "" ? buffer : `${name}.${buffer}`);
    const form = has("input_factor") ? quantizedForm(module) : has("words") ? bfloat16Form(module) : undefined;
    if (form !== undefined && typeof form !== "string") become(module, form);
  }
  try {
    copy.loadStateDict(stateDict);
  } catch (cause) {
    throw new UsageError(`loadQuantized: ${messageOf(cause)}`, { cause });
  }
  return copy;
}
