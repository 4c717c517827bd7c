import { atomically, Tensor, UsageError, type TypedArray } from "@nn/tensor";
import { allocate, sizeOf } from "@nn/tensor/extend";
import { noteWrite } from "@nn/tensor/interpreter";
import { formatSignature, type Signature } from "./signature.js";
import { at } from "../ir/at.js";
import type { Guard } from "../trace/trace.js";
import type { Executable } from "../runtime/executable.js";

/** How a compiler runs several steps in one call. */
export interface Steps {
  /**
   * The signature of the arguments of one step, from that of the arguments of a call: tensors lose their first axis, which has an entry for each step.
   * @throws UsageError that names the tensor whose first axis has another length.
   */
  signatureOf(call: Signature, steps: number): Signature;
  /**
   * Runs a program once for each entry along the first axis of the tensors, and returns the results stacked along a new first axis. A step that fails
   * undoes all.
   * @throws UsageError if a guard does not hold before a later step, because that would need another program.
   */
  run(executable: Executable, guards: readonly Guard[], tensors: readonly Tensor[], steps: number): Tensor[];
  /** The first entry along the first axis. */
  firstEntry(tensor: Tensor): Tensor;
  /** Refuses a call inside another compiled function or a gradient: several steps cannot be part of another program. @throws UsageError always. */
  refuseNested(): never;
}

/** Several steps in a call. */
export const steps: Steps & { readonly feature: "steps" } = {
  feature: "steps",
  signatureOf: (call, count) => signatureOf(call, count, "arguments"),
  run: runSteps,
  firstEntry(tensor) {
    const shape = tensor.shape.slice(1);
    return new Tensor(shape, tensor.dtype, tensor.data("compile").slice(0, sizeOf(shape)));
  },
  refuseNested() {
    throw new UsageError("compile: a function with the option `steps` was called inside another compiled function or a gradient; call the function without it there");
  },
};

function signatureOf(signature: Signature, count: number, path: string): Signature {
  switch (signature.kind) {
    case "tensor": {
      const [entries, ...shape] = signature.shape;
      if (entries === count) return { ...signature, shape };
      throw new UsageError(`compile: ${path} is ${formatSignature(signature)}, expected ${count} entries along the first axis, one for each of the steps`);
    }
    case "static": return signature;
    case "list": return { ...signature, items: signature.items.map((item, index) => signatureOf(item, count, `${path}[${index}]`)) };
    case "gradients": throw new UsageError(`compile: ${path} are gradients, expected tensors with an entry for each of the steps, plain values, or arrays and records of them`);
    case "record": return { ...signature, entries: signature.entries.map(([key, item]) => [key, signatureOf(item, count, `${path}.${key}`)]) };
  }
}

function runSteps(executable: Executable, guards: readonly Guard[], tensors: readonly Tensor[], count: number): Tensor[] {
  const { inputs, outputs, image } = executable;
  const stacks = tensors.map((tensor) => tensor.data("compile"));
  const results = outputs.map(({ type: { dtype }, shape, view: { length } }) => ({ shape: [count, ...shape], dtype, data: allocate(dtype, count * length) }));
  atomically(() => {
    for (const { variable } of image.writes) noteWrite(variable);
    for (let step = 0; step < count; step++) {
      if (step > 0) requireSame(guards);
      executable.once(() => {
        for (const { index, view } of inputs) copyEntry(view, at(stacks, index), step);
      });
      for (const [index, { view }] of outputs.entries()) at(results, index).data.set(view, step * view.length);
    }
  });
  return results.map(({ shape, dtype, data }) => new Tensor(shape, dtype, data));
}

function requireSame(guards: readonly Guard[]): void {
  if (guards.every(({ read, value }) => Object.is(read(), value))) return;
  throw new UsageError("compile: a guarded value (for example, whether a module trains) changed between the steps of one call, which run one program; change it between calls");
}

/** Up to this many elements, a loop is faster than `set`, which needs a view of the entry. */
const fewElements = 32;

/** Copies one entry of a stack. */
function copyEntry(target: TypedArray, stack: TypedArray, entry: number): void {
  const { length } = target;
  const start = entry * length;
  if (length > fewElements) target.set(stack.subarray(start, start + length));
  else for (let index = 0; index < length; index++) target[index] = stack[start + index] ?? 0;
}
