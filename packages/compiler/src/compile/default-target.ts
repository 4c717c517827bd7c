import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import type { KernelTarget } from "../emit/kernel-target.js";

let current: KernelTarget | undefined;

/**
 * Makes a target the default of all `compile` calls that choose none, also of those inside other packages; `undefined` makes it WebAssembly again.
 * Programs that are compiled already stay as they are.
 *
 * @throws UsageError if `target` is anything else, such as a promise of a target.
 *
 * @example
 * ```ts
 * import { native } from "@nn/native";
 * import { setDefaultTarget } from "@nn/compiler";
 *
 * setDefaultTarget(await native());
 * setDefaultTarget(undefined);
 * ```
 */
export function setDefaultTarget(target: KernelTarget | undefined): void {
  if (target !== undefined) requireTarget("setDefaultTarget", target);
  current = target;
}

/** The default target of this process. */
export function defaultTarget(): KernelTarget | undefined {
  return current;
}

/** @throws UsageError unless the value makes machine code. */
export function requireTarget(operation: string, target: unknown): void {
  if (typeof (Object(target) as Partial<KernelTarget>).program === "function") return;
  throw new UsageError(`${operation}: target is ${describeValue(target)}, expected await native() of @nn/native`);
}
