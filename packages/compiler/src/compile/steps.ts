import { Tensor, UsageError } from "@nn/tensor";
import { sizeOf } from "@nn/tensor/extend";
import type { Guard } from "../trace/trace.js";
import { formatSignature, type Signature } from "./signature.js";

/**
 * The signature of the arguments of one step, from that of the arguments of a call of `steps` steps: tensors lose their first axis, which has an entry
 * for each step.
 * @throws UsageError that names the tensor whose first axis has another length.
 */
export function signatureOfStep(signature: Signature, steps: number, path = "arguments"): Signature {
  switch (signature.kind) {
    case "tensor": {
      const [entries, ...shape] = signature.shape;
      if (entries !== steps) {
        throw new UsageError(`compile: ${path} is ${formatSignature(signature)}, expected ${steps} entries along the first axis, one for each of the steps`);
      }
      return { ...signature, shape };
    }
    case "static": return signature;
    case "list": return { ...signature, items: signature.items.map((item, index) => signatureOfStep(item, steps, `${path}[${index}]`)) };
    case "gradients": throw new UsageError(`compile: ${path} are gradients, expected tensors with an entry for each of the steps, plain values, or arrays and records of them`);
    case "record": return { ...signature, entries: signature.entries.map(([key, item]) => [key, signatureOfStep(item, steps, `${path}.${key}`)]) };
  }
}

/** The first entry of a stack of tensors. */
export function firstEntry(stack: Tensor): Tensor {
  const shape = stack.shape.slice(1);
  return new Tensor(shape, stack.dtype, stack.data("compile").slice(0, sizeOf(shape)));
}

/** @throws UsageError if a guarded value has changed, because the next step of the call would need another program. */
export function requireSameGuards(guards: readonly Guard[]): void {
  if (guards.every(({ read, value }) => Object.is(read(), value))) return;
  throw new UsageError("compile: a guarded value (for example, whether a module trains) changed between the steps of one call, which run one program; change it between calls");
}

/** @throws UsageError: several steps cannot be part of one program. */
export function refuseSteps(): never {
  throw new UsageError("compile: a function with the option `steps` was called inside another compiled function or a gradient; call the function without it there");
}
