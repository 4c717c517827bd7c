import type { Tensor, Variable } from "@nn/tensor";
import { isCount, isRecord, requireStateDict } from "../saved-values.js";
import { assignTensors, requireTensors, type StateVariables } from "../state-tensors.js";
import type { Updater } from "./updater.js";

/** What a wrapper has to remember. All but the tensors, here and in `inner`, is ready for JSON. */
export interface WrapperStateDict<Inner> {
  /** The state dictionary of what is wrapped. */
  readonly inner: Inner;
  /** Calls of `step`, with those that a round lacked when it was flushed. */
  readonly calls: number;
  /** The state of the wrapper, named `"<place of the parameter>.<name of the state>"`. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** Variables, one for each parameter, by their names in a state dictionary. */
export function named(variables: readonly Variable[], name: string): StateVariables {
  return new Map(variables.map((variable, at) => [`${at}.${name}`, variable]));
}

/** Loads what is wrapped and the tensors of the wrapper, or throws and changes nothing. */
export function loadWrapper<Inner>(owner: string, inner: Updater<Inner>, variables: StateVariables, stateDict: WrapperStateDict<Inner>): void {
  requireStateDict(owner, stateDict, { inner: isRecord, calls: isCount, tensors: isRecord });
  requireTensors(owner, variables, stateDict.tensors);
  inner.loadStateDict(stateDict.inner);
  assignTensors(variables, stateDict.tensors);
}
