import { ArgumentError, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireFloat, requireFunction } from "./requirements.js";
import { differentiate, type GradientOptions } from "./value-and-grad.js";

/** Options of `grad`. */
export interface GradOptions<Argument extends number | readonly number[]> extends GradientOptions {
  /** The index of the argument to differentiate, or a list of indices for a list of gradients. Default: 0. */
  readonly argument?: Argument;
}

const gradOptions: OptionKinds<GradOptions<number | readonly number[]>> = { argument: "any", strict: "boolean" };

/**
 * Returns a function that computes the gradient of `fn` with respect to its first argument, or to the arguments in
 * `argument`. `fn` must return one number. Arguments that are not differentiated may be anything. The result can be differentiated again.
 *
 * @example
 * ```ts
 * import { tensor, type Tensor } from "@nn/tensor";
 * import { grad } from "@nn/autograd";
 * const cube = (x: Tensor) => x.pow(3);
 * grad(cube)(tensor(2)).item(); // => 12
 * grad(grad(cube))(tensor(2)).item(); // => 12
 *
 * const area = (width: Tensor, height: Tensor) => width.mul(height);
 * grad(area, { argument: [0, 1] })(tensor(3), tensor(4)).map((side) => side.item()); // => [4, 3]
 * ```
 * @throws ArgumentError if there is no such argument, or an index occurs twice.
 * @throws ShapeError if the result of `fn` is not one number.
 * @throws DTypeError if the result or a differentiated argument is not floating-point.
 */
export function grad<Arguments extends readonly unknown[]>(
  fn: (...args: Arguments) => Tensor, options?: GradOptions<number>,
): (...args: Arguments) => Tensor;
export function grad<Arguments extends readonly unknown[], const Argument extends readonly number[]>(
  fn: (...args: Arguments) => Tensor, options: GradOptions<Argument>,
): (...args: Arguments) => { [Index in keyof Argument]: Tensor };
export function grad(
  fn: (...args: readonly unknown[]) => Tensor, given: GradOptions<number | readonly number[]> = {},
): (...args: readonly unknown[]) => Tensor | readonly Tensor[] {
  requireFunction("grad", fn, "grad((x) => x.pow(3))");
  requireOptions("grad", given, gradOptions);
  const { argument = 0, ...options } = given;
  for (const index of [argument].flat()) requireKind("grad", "argument", index, "size");
  const indices = typeof argument === "number" ? [argument] : argument;
  if (new Set(indices).size !== indices.length) throw new ArgumentError(`grad: arguments [${indices.join(", ")}] contain an index twice, expected each once`);
  return (...args) => {
    const sources = indices.map((index) => {
      if (!(index in args)) throw new ArgumentError(`grad: there is no argument ${index}; the number of arguments is ${args.length}`);
      const source = args[index];
      requireFloat("grad", source, `argument ${index}`);
      return source;
    });
    const withAliases = (...aliases: Tensor[]): Tensor => fn(...args.map((each, index) => aliases[indices.indexOf(index)] ?? each));
    const { gradients } = differentiate("grad", withAliases, sources, options);
    return typeof argument === "number" ? (gradients[0] as Tensor) : gradients;
  };
}
