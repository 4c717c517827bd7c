import { UsageError, type Gradients, type Tensor, type Variable } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";

/** Whatever updates parameters by their gradients: an optimizer, or a wrapper around one. */
export interface Updater<StateDict = unknown> {
  /** What it updates. */
  readonly parameters: readonly Variable[];
  /** Updates the parameters by one gradient each, or `undefined`. */
  step(gradients: Gradients<Tensor | undefined>): void;
  /** Everything that is needed to go on later. */
  stateDict(): StateDict;
  /** Continues from a state dictionary, or throws and changes nothing. */
  loadStateDict(stateDict: StateDict): void;
}

/** Refuses what a wrapper cannot wrap. */
export function requireUpdater(owner: string, optimizer: unknown): void {
  const { parameters, step } = Object(optimizer) as Partial<Record<string, unknown>>;
  if (Array.isArray(parameters) && typeof step === "function") return;
  throw new UsageError(`${owner}: got ${describeValue(optimizer)}, expected an optimizer, or a wrapper around one`);
}
