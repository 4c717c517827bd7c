import { guard } from "./interpreter/stack.js";

/**
 * The indices of the frozen variables in a list: those whose `trainable` is false (a `Parameter` has this property). They have no gradient, and
 * optimizers do not change them. `trainable` is read through `guard`, so a compiled function is traced again when it changes.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { frozenIndices } from "@nn/tensor/extend";
 * const [weight, bias] = [new Variable(tensor([1])), Object.assign(new Variable(tensor([0])), { trainable: false })];
 * [...frozenIndices([weight, bias])]; // => [1]
 * ```
 */
export function frozenIndices(variables: readonly object[]): ReadonlySet<number> {
  const indices = guard(() => variables.reduce<string>((list, variable, at) => (isFrozen(variable) ? `${list}${at} ` : list), ""));
  return new Set(indices === "" ? [] : indices.trimEnd().split(" ").map(Number));
}

function isFrozen(variable: object): boolean {
  return "trainable" in variable && variable.trainable === false;
}
