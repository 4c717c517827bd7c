import { ArgumentError } from "@nn/tensor";
import { describeValue, isArgumentKind, type ArgumentKind } from "@nn/tensor/extend";
import { takeOptions as keepOptions } from "./options.js";

/**
 * Checks the options of a module and keeps them: `toString` shows them, and {@link describeModel} writes them down for files. A constructor with options calls this first, with its name, the module,
 * what it was given, and the kinds of all options, as `requireOptions` of `@nn/tensor/extend` takes them.
 *
 * @example
 * ```ts
 * import { describeModel, layerClasses, Linear, Module, moduleClass, takeOptions } from "@nn/layers";
 * import type { Tensor } from "@nn/tensor";
 *
 * class Squashed extends Module {
 *   readonly linear: Linear;
 *   constructor(options: { readonly features?: number } = {}) {
 *     super();
 *     takeOptions("Squashed", this, options, { features: "count" });
 *     const { features = 8 } = options;
 *     this.linear = new Linear(features, features);
 *   }
 *   forward(x: Tensor): Tensor {
 *     return this.linear.forward(x).tanh();
 *   }
 * }
 *
 * const model = new Squashed({ features: 2 });
 * String(model).split("\n")[1]; // => "  features: 2"
 * describeModel(model, { ...layerClasses, Squashed: moduleClass(Squashed) }).modules; // => [{ class: "Squashed", arguments: [{ record: { features: 2 } }] }]
 * ```
 * @throws ArgumentError for an unknown option or a wrong value.
 */
export function takeOptions(operation: string, module: object, options: object, kinds: Readonly<Record<string, ArgumentKind>>): void {
  if (typeof module !== "object" || module === null) throw new ArgumentError(`takeOptions: module is ${describeValue(module)}, expected the module that is made`);
  if (typeof kinds !== "object" || kinds === null) throw new ArgumentError(`takeOptions: kinds is ${describeValue(kinds)}, expected an object such as { features: "count" }`);
  for (const [name, kind] of Object.entries(kinds)) {
    if (!isArgumentKind(kind)) throw new ArgumentError(`takeOptions: kinds.${name} is ${describeValue(kind)}, expected a kind such as "count", or a list of the values that are allowed`);
  }
  keepOptions(operation, module, options, kinds);
}
