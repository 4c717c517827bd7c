import { guard } from "./interpreter/stack.js";

/**
 * The places of frozen variables in a list: those whose `trainable` is false, as that of a `Parameter` may be. They have no gradient, and
 * optimizers leave them alone. Observed: a compiled function is traced anew when it has changed.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { frozenPlaces } from "@nn/tensor/extend";
 * const [weight, bias] = [new Variable(tensor([1])), Object.assign(new Variable(tensor([0])), { trainable: false })];
 * [...frozenPlaces([weight, bias])]; // => [1]
 * ```
 */
export function frozenPlaces(variables: readonly object[]): ReadonlySet<number> {
  const places = guard(() => variables.reduce<string>((list, variable, at) => (isFrozen(variable) ? `${list}${at} ` : list), ""));
  return new Set(places === "" ? [] : places.trimEnd().split(" ").map(Number));
}

function isFrozen(variable: object): boolean {
  return "trainable" in variable && variable.trainable === false;
}
