import type { Tensor } from "@nn/tensor";
import type { Arguments } from "../arguments.js";

/** Our counterpart of a function of PyTorch: called with the tensors of a case in their order, its arguments, and the tensors' names. */
export type Operation = (inputs: readonly Tensor[], args: Arguments, inputNames: readonly string[]) => Tensor | readonly Tensor[];

/** Counterparts by name. */
export type Operations = Readonly<Record<string, Operation>>;

/** An input that the case must have. */
export function required(input: Tensor | undefined): Tensor {
  if (input === undefined) throw new TypeError("the case has fewer inputs than its target takes");
  return input;
}

/** A function of one tensor. */
export function one(run: (x: Tensor, args: Arguments) => Tensor | readonly Tensor[]): Operation {
  return ([x], args) => run(required(x), args);
}

/** A function of two tensors. */
export function two(run: (x: Tensor, y: Tensor, args: Arguments) => Tensor | readonly Tensor[]): Operation {
  return ([x, y], args) => run(required(x), required(y), args);
}

/** A function of three tensors. */
export function three(run: (x: Tensor, y: Tensor, z: Tensor, args: Arguments) => Tensor | readonly Tensor[]): Operation {
  return ([x, y, z], args) => run(required(x), required(y), required(z), args);
}
