import { compile } from "@nn/compiler";
import { tensor, Variable, type Tensor } from "@nn/tensor";
import type { Setting } from "../competitor/load.js";

/** The function in the given variant: compiled for this many threads, with or without merged vectors, or unchanged. */
export function prepare<A extends readonly unknown[], R>(fn: (...args: A) => R, { variant, threads }: Setting): (...args: A) => R {
  return variant === "eager" ? fn : compile(fn, { threads, mergeVectors: variant === "merged" });
}

/**
 * A function of tensors that are not copied. If it is compiled, its operands and its result are variables, like the parameters of a model. With
 * the variant "call", operands are arguments and the result is a new tensor, so both are copied.
 */
export function onState(fn: (...inputs: readonly Tensor[]) => Tensor, inputs: readonly Tensor[], setting: Setting): { run(): void; result(): Tensor } {
  if (setting.variant === "call" || setting.variant === "eager") {
    const call = prepare((...args: readonly Tensor[]) => fn(...args), setting);
    let result: Tensor | undefined;
    const run = (): void => {
      result = call(...inputs);
    };
    return { run, result: () => result ?? fn(...inputs) };
  }
  const variables = inputs.map((input) => new Variable(input));
  const target = new Variable(fn(...inputs));
  const run = prepare((): void => {
    target.value = fn(...variables.map(({ value }) => value));
  }, setting);
  return { run, result: () => target.value };
}

/** A float32 tensor of these numbers. */
export function floats(values: Float32Array<ArrayBuffer>, shape: readonly number[]): Tensor {
  return tensor(values, { shape });
}
