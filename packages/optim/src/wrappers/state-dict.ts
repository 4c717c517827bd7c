import type { Tensor, Variable } from "@nn/tensor";
import { isPlainObject } from "@nn/tensor/extend";
import { isCount, requireStateDict } from "../saved-values.js";
import { assignTensors, requireTensors, type StateVariables } from "../state-tensors.js";
import type { Updater } from "./updater.js";

/** The state of a wrapper. All fields but the tensors, here and in `inner`, can be written as JSON. */
export interface WrapperStateDict<Inner> {
  /** The state dictionary of the wrapped optimizer. */
  readonly inner: Inner;
  /** Calls of `step`; a flushed round counts as a full one. */
  readonly calls: number;
  /** The state of the wrapper, named `"<index of the parameter>.<name of the state>"`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** Variables, one for each parameter, by their names in a state dictionary. */
export function named(variables: readonly Variable[], name: string): StateVariables {
  return new Map(variables.map((variable, at) => [`${at}.${name}`, variable]));
}

/** Loads the wrapped optimizer and the tensors of the wrapper, or throws and changes nothing. */
export function loadWrapper<Inner>(owner: string, inner: Updater<Inner>, variables: StateVariables, stateDict: WrapperStateDict<Inner>): void {
  requireStateDict(owner, stateDict, { inner: isPlainObject, calls: isCount, tensors: isPlainObject });
  requireTensors(owner, variables, stateDict.tensors);
  inner.loadStateDict(stateDict.inner);
  assignTensors(variables, stateDict.tensors);
}
