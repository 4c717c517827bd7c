import { isTensor, ones, Variable, zeros, type Gradients, type Tensor } from "@nn/tensor";
import { bindGradients, frozenPlaces, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { withInterpreter } from "@nn/tensor/interpreter";
import { requireFunction, requireOneNumber, requireReached, requireSources } from "./requirements.js";
import { Tape, type Source } from "./tape.js";
import type { ArgumentsFor } from "./vjp.js";

/** Options of `valueAndGrad` and `grad`. */
export interface GradientOptions {
  /**
   * Whether it is an error that the result does not depend on something, which else has zeros. Default: only if it depends on none of
   * the variables, since it is then that of another model, or made of steps; or on nothing, and numbers that depend on it were
   * read with `item`, `toArray` or the like, which gradients do not follow.
   */
  readonly strict?: boolean;
}

const gradientOptions: OptionKinds<GradientOptions> = { strict: "boolean" };

/** A gradient for each source. Those of variables know what they belong to: optimizers ask for it. */
export type GradientsFor<Sources extends readonly Source[]> = (Sources extends readonly Variable[] ? Gradients : unknown) & { readonly [Index in keyof Sources]: Tensor };

/** What a function gave, and its gradients. */
export interface ValueAndGradients<Sources extends readonly Source[]> {
  /** What the function returned. */
  readonly value: Tensor;
  /** `∂ value / ∂ source` in the order of the sources, each of its source's shape and dtype. */
  readonly gradients: GradientsFor<Sources>;
}

/**
 * Runs `fn` and gives its result together with the gradients with respect to variables, or to tensors that `fn` then takes
 * as arguments. Recording happens only while `fn` runs, and only what depends on the sources is recorded.
 *
 * `fn` returns one number. What it computes besides (metrics, new states of variables) it may assign to the outside.
 * Unlike PyTorch's `backward`, nothing accumulates from call to call, and a source that is not used gets zeros. So does a parameter that is
 * frozen (`trainable = false`), of which nothing is recorded; optimizers leave it as it is.
 *
 * @example
 * ```ts
 * import { tensor, Variable } from "@nn/tensor";
 * import { valueAndGrad } from "@nn/autograd";
 * const price = new Variable(tensor(100));
 * const { value, gradients: [perApple] } = valueAndGrad(() => price.value.mul(2).mul(1.1), [price]);
 * Math.round(value.item()); // => 220
 * perApple.item().toFixed(2); // => "2.20"
 *
 * valueAndGrad((x) => x.square().sum(), [tensor([1, 2, 3])]).gradients[0].toArray(); // => [2, 4, 6]
 * ```
 * @throws ShapeError if the result is not one number.
 * @throws DTypeError if the result or a source is not floating-point.
 * @throws ArgumentError if a variable is named twice.
 * @throws UsageError if `fn` is asynchronous or returns no tensor, if no gradient reaches any variable, or in strict mode if none reaches
 * one of them.
 */
export function valueAndGrad<const Sources extends readonly Variable[]>(
  fn: () => Tensor, sources: Sources, options?: GradientOptions,
): ValueAndGradients<Sources>;
export function valueAndGrad<const Sources extends readonly Tensor[]>(
  fn: (...inputs: ArgumentsFor<Sources>) => Tensor, sources: Sources, options?: GradientOptions,
): ValueAndGradients<Sources>;
export function valueAndGrad(
  fn: (...inputs: Tensor[]) => Tensor, sources: readonly Source[], options?: GradientOptions,
): ValueAndGradients<readonly Source[]> {
  return differentiate("valueAndGrad", fn, sources, options);
}

/** `valueAndGrad` on behalf of `operation`, which error messages name. */
export function differentiate(
  operation: string, fn: (...inputs: Tensor[]) => Tensor, sources: readonly Source[], options: GradientOptions = {},
): ValueAndGradients<readonly Source[]> {
  requireOptions(operation, options, gradientOptions);
  const { strict } = options;
  requireFunction(operation, fn, `${operation}(() => loss, …)`);
  requireSources(operation, sources);
  const frozen = frozenPlaces(sources);
  const tape = new Tape();
  const watched = sources.map((source, at) => {
    if (!(source instanceof Variable)) return tape.watch(source);
    if (!frozen.has(at)) tape.watchVariable(source);
    return source;
  });
  const inputs = watched.filter(isTensor);
  const value = withInterpreter(tape, () => fn(...inputs));
  requireOneNumber(operation, value);
  const gradients = tape.pullback([value], watched)([ones(value.shape, { dtype: value.dtype })]);
  requireReached(operation, sources, { gradients, frozen, strict, wasRead: tape.wasRead });
  const all = gradients.map((gradient, index) => gradient ?? zeroGradient(sources[index]));
  return { value, gradients: areVariables(sources) ? bindGradients(sources, all) : all };
}

function areVariables(sources: readonly Source[]): sources is readonly Variable[] {
  return sources.every((source) => source instanceof Variable);
}

function zeroGradient(source: Source | undefined): Tensor {
  return zeros(source?.shape ?? [], { dtype: source?.dtype ?? "float32" });
}
