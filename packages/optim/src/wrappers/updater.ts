import { UsageError, type Gradients, type Tensor, type Variable } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** An object that updates parameters with their gradients: an optimizer, or a wrapper around one. */
export interface Updater<StateDict = unknown> {
  /** The parameters that it updates. */
  readonly parameters: readonly Variable[];
  /** Updates the parameters. Each has one gradient, which may be `undefined`. */
  step(gradients: Gradients<Tensor | undefined>): void;
  /** Everything that `loadStateDict` needs to continue later. */
  stateDict(): StateDict;
  /** Continues from a state dictionary, or throws and changes nothing. */
  loadStateDict(stateDict: StateDict): void;
}

/** Throws unless the value is an optimizer or a wrapper. */
export function requireUpdater(owner: string, optimizer: unknown): void {
  const { parameters, step } = Object(optimizer) as Partial<Record<string, unknown>>;
  if (Array.isArray(parameters) && typeof step === "function") return;
  throw new UsageError(`${owner}: got ${describeValue(optimizer)}, expected an optimizer, or a wrapper around one`);
}
