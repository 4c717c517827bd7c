import { UsageError, type Tensor } from "@nn/tensor";
import { firstDifference } from "./recompilation.js";
import { flatten, type Signature } from "./signature.js";

/**
 * Refuses a function that has changed its arguments while it was traced. It changes copies of lists and records, and only once.
 * @throws UsageError that names what is changed.
 */
export function requireUnchanged(signature: Signature, tensors: readonly Tensor[], args: readonly unknown[]): void {
  const after = flatten(args, "arguments");
  const changed = firstDifference(after.signature, signature, "arguments")?.path ?? (after.tensors.some((tensor, at) => tensor !== tensors[at]) ? "a tensor in the arguments" : undefined);
  if (changed === undefined) return;
  throw new UsageError(`compile: the function changes ${changed}, but it gets copies of lists and records, so the caller would not see that; return the new value instead`);
}
