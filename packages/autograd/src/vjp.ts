import { DTypeError, isTensor, ones, ShapeError, UsageError, zeros, type Tensor } from "@nn/tensor";
import { formatShape, requireTensor, sameShape, sizeOf } from "@nn/tensor/extend";
import { withInterpreter, type TensorType } from "@nn/tensor/interpreter";
import { called, readingLoses, requireFloat, requireFunction, requireSources } from "./requirements.js";
import { Tape } from "./tape.js";

/** One tensor, or several. */
export type Tensors = Tensor | readonly Tensor[];

/** The parameters of a function that takes a list of tensors. */
export type ArgumentsFor<Inputs extends readonly Tensor[]> = { -readonly [Index in keyof Inputs]: Tensor };

/** The result of `vjp`. */
export interface Vjp<Inputs extends readonly Tensor[], Output extends Tensors> {
  /** The result of the function. */
  readonly value: Output;
  /**
   * From a cotangent (weights of the elements of `value`, of its shape and dtype) to the gradients of the weighted sum with
   * respect to the inputs. It may be called repeatedly. If `value` is one number, the cotangent may be left out.
   */
  readonly pullback: (cotangent?: Output) => { readonly [Index in keyof Inputs]: Tensor };
}

/**
 * Runs `fn` and returns its result and its pullback, the product of a cotangent vector and the Jacobian: `v ↦ vᵀ·∂fn/∂inputs`.
 * For functions of any result shape, and of several results.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { vjp } from "@nn/autograd";
 * const { value, pullback } = vjp((x) => x.square(), [tensor([1, 2, 3])]);
 * value.toArray(); // => [1, 4, 9]
 * pullback(tensor([1, 10, 100]))[0].toArray(); // => [2, 40, 600]
 * ```
 * @throws DTypeError if an input or a result is not floating-point, or a cotangent does not have the dtype of its result.
 * @throws ShapeError if a cotangent does not have the shape of its result, or is left out for a result that is not one number.
 */
export function vjp<const Inputs extends readonly Tensor[], Output extends Tensors>(
  fn: (...inputs: ArgumentsFor<Inputs>) => Output, inputs: Inputs,
): Vjp<Inputs, Output>;
export function vjp(fn: (...inputs: Tensor[]) => Tensors, inputs: readonly Tensor[]): Vjp<readonly Tensor[], Tensors> {
  requireFunction("vjp", fn, "vjp((x) => x.square(), [x])");
  requireSources("vjp", inputs);
  for (const [at, input] of inputs.entries()) requireTensor("vjp", input, `input ${at}`);
  const tape = new Tape();
  const aliases = inputs.map((input) => tape.watch(input));
  const value = withInterpreter(tape, () => called("vjp", fn, aliases));
  const outputs = listOf("vjp", value);
  outputs.forEach((output, index) => requireFloat("vjp", output, isTensor(value) ? "the function's result" : `result ${index}`));
  if (tape.wasRead && !outputs.some((output) => tape.tracks(output))) throw new UsageError(`vjp: ${readingLoses}`);
  return { value, pullback: checked(tape.pullback(outputs, aliases), outputs.map(withoutElements), inputs.map(withoutElements)) };
}

function withoutElements({ shape, dtype }: Tensor): TensorType {
  return { shape, dtype };
}

/** Made outside of `vjp` so that it keeps no more of the tape alive than it needs. */
function checked(
  pullback: ReturnType<Tape["pullback"]>, outputs: readonly TensorType[], inputs: readonly TensorType[],
): Vjp<readonly Tensor[], Tensors>["pullback"] {
  return (cotangent) => {
    const gradients = pullback(cotangentsOf(outputs, cotangent));
    return inputs.map(({ shape, dtype }, index) => gradients[index] ?? zeros(shape, { dtype }));
  };
}

/** One tensor or several, as a list. */
export function listOf(operation: string, tensors: Tensors): readonly Tensor[] {
  const list = Array.isArray(tensors) ? tensors : [tensors];
  for (const each of list) requireTensor(operation, each, "the function's result");
  return list;
}

function cotangentsOf(outputs: readonly TensorType[], cotangent: Tensors | undefined): readonly Tensor[] {
  const [output, ...others] = outputs;
  if (cotangent === undefined) {
    if (output !== undefined && others.length === 0 && sizeOf(output.shape) === 1) return [ones(output.shape, { dtype: output.dtype })];
    throw new ShapeError(
      `vjp: the result is ${outputs.map(({ shape }) => formatShape(shape)).join(", ")}, expected one number for a gradient without a cotangent; ` +
        `give pullback a tensor of the result's shape`,
    );
  }
  const cotangents = listOf("vjp", cotangent);
  if (cotangents.length !== outputs.length) {
    throw new UsageError(`vjp: the function has ${outputs.length} results, but pullback got ${cotangents.length} cotangents`);
  }
  outputs.forEach(({ shape, dtype }, index) => {
    const given = cotangents[index] as Tensor;
    if (!sameShape(shape, given.shape)) {
      throw new ShapeError(`vjp: cotangent ${index} has shape ${formatShape(given.shape)}, expected that of the result, ${formatShape(shape)}`);
    }
    if (dtype !== given.dtype) {
      throw new DTypeError(`vjp: cotangent ${index} has dtype ${given.dtype}, expected that of the result, ${dtype}; use .cast("${dtype}")`);
    }
  });
  return cotangents;
}
