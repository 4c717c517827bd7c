import type { Module } from "@nn/layers";
import type { FloatDType, Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";

/** A module, and a function that calls it on inputs by PyTorch's names and returns all results in PyTorch's order. */
export interface CalledModule {
  readonly module: Module;
  readonly call: (inputs: Readonly<Record<string, Tensor>>) => readonly Tensor[];
}

/** Our module for a PyTorch class, given its arguments, the dtype of its parameters, and the arguments of the call. */
export type CalledModuleFactory = (args: Arguments, dtype: FloatDType, callArgs: Arguments) => CalledModule;

/** The inputs of a module with two tensors, in order. */
export function pairOf(inputs: Readonly<Record<string, Tensor>>): [Tensor, Tensor] {
  const [first, second, ...others] = Object.values(inputs);
  if (first === undefined || second === undefined || others.length > 0) throw new TypeError(`the case has the inputs ${Object.keys(inputs).join(", ")}, expected two`);
  return [first, second];
}
