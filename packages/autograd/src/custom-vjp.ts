import { isTensor, ShapeError, UsageError, zeros, type Tensor, type Variable } from "@nn/tensor";
import { formatShape, requireSynchronous, requireTensor, sameShape } from "@nn/tensor/extend";
import { withInterpreter, type Application, type Interpreter, type Primitive } from "@nn/tensor/interpreter";
import { differentiation, type Call, type Level, type Pullback } from "./level.js";
import { called, requireFloat, requireFunction } from "./requirements.js";
import { listOf, type Tensors } from "./vjp.js";

/** The tensors from which a custom gradient is computed. */
export interface CustomContext<Inputs extends readonly Tensor[], Output extends Tensors> {
  /** The inputs of the call. Gradients of gradients flow to them. */
  readonly inputs: Inputs;
  /** The result of the function. */
  readonly output: Output;
}

/** A gradient for each input, of its shape; `undefined` is zero. */
export type CustomGradients<Inputs extends readonly Tensor[]> = { readonly [Index in keyof Inputs]: Tensor | undefined };

/**
 * Gives a function of tensors a custom gradient. `forward` computes the result and is not recorded. `backward` gets the
 * gradient of the result, the inputs and the result, and returns the gradients of the inputs.
 *
 * Gradients of gradients differentiate `backward`, which therefore gets only `inputs` and `output`. Pass everything that
 * needs a gradient as an input. If `forward` uses a differentiated tensor or variable from outside, it throws an error.
 *
 * @example
 * ```ts
 * import { log1p, round, tensor, type Tensor } from "@nn/tensor";
 * import { customVjp, grad } from "@nn/autograd";
 * // Rounds, and passes the gradient on as if it had not (the straight-through estimator).
 * const roundThrough = customVjp((x: Tensor) => round(x), (gradient) => [gradient]);
 * grad((x: Tensor) => roundThrough(x).mul(3))(tensor(0.8)).item(); // => 3
 *
 * const softplus = customVjp(
 *   (x: Tensor) => log1p(x.exp()),
 *   (gradient, { inputs: [x] }) => [gradient.mul(x.sigmoid())],
 * );
 * grad(softplus)(tensor(0)).item(); // => 0.5
 * ```
 * @throws ShapeError if a gradient that `backward` returns does not have the shape of its input.
 * @throws UsageError if `backward` does not return one gradient for each input, or `forward` uses a differentiated tensor or variable
 * from outside.
 */
export function customVjp<Inputs extends readonly Tensor[], Output extends Tensors>(
  forward: (...inputs: Inputs) => Output,
  backward: (gradient: Output, context: CustomContext<Inputs, Output>) => CustomGradients<Inputs>,
): (...inputs: Inputs) => Output;
export function customVjp(
  forward: (...inputs: Tensor[]) => Tensors,
  backward: (gradient: Tensors, context: CustomContext<readonly Tensor[], Tensors>) => readonly (Tensor | undefined)[],
): (...inputs: Tensor[]) => Tensors {
  requireFunction("customVjp", forward, "customVjp((x) => …, (gradient, { inputs: [x] }) => […])");
  requireFunction("customVjp", backward, "customVjp((x) => …, (gradient, { inputs: [x] }) => […])");
  const call = (...inputs: Tensor[]): Tensors => {
    inputs.forEach((input, index) => requireTensor("customVjp", input, `input ${index}`));
    const { levels, base } = differentiation();
    const [top] = levels;
    if (top === undefined) return called("customVjp", forward, inputs);
    const returned = withInterpreter(new Paused(base, top), () => called("customVjp", forward, inputs.map((input) => input.detach())));
    // New identities: a result can be an input itself, and levels must not confuse the two.
    const outputs = listOf("customVjp", returned).map((output) => output.detach());
    const output = isTensor(returned) ? (outputs[0] as Tensor) : outputs;
    const pullback: Pullback = (gradients) => {
      const complete = outputs.map(({ shape, dtype }, index) => gradients[index] ?? zeros(shape, { dtype }));
      const given = requireSynchronous("customVjp", "backward", backward(isTensor(output) ? (complete[0] as Tensor) : complete, { inputs, output }));
      requireGradients(inputs, given);
      return given;
    };
    for (const level of levels) level.record({ operation: "customVjp", inputs, outputs, pullback, run });
    return output;
  };
  const run: Call["run"] = (inputs) => listOf("customVjp", call(...inputs));
  return call;
}

function requireGradients(inputs: readonly Tensor[], gradients: readonly (Tensor | undefined)[]): void {
  if (!Array.isArray(gradients) || gradients.length !== inputs.length) {
    const found = Array.isArray(gradients) ? `${gradients.length} gradients` : "no list of gradients";
    throw new UsageError(`customVjp: backward returned ${found}, expected ${inputs.length}, one for each input (undefined for zero)`);
  }
  inputs.forEach(({ shape }, index) => {
    const gradient = gradients[index];
    if (gradient === undefined) return;
    requireFloat("customVjp", gradient, `gradient ${index}`);
    if (sameShape(gradient.shape, shape)) return;
    throw new ShapeError(
      `customVjp: backward returned gradient ${index} of shape ${formatShape(gradient.shape)}, expected that of the input, ${formatShape(shape)}`,
    );
  });
}

/** Runs operations below all levels of differentiation, so that none of them records them. Throws if one of them should have recorded one. */
class Paused implements Interpreter {
  readonly below: Interpreter;
  readonly #paused: Level;

  constructor(below: Interpreter, paused: Level) {
    this.below = below;
    this.#paused = paused;
  }

  bind<P extends Primitive>(application: Application<P>): Tensor {
    if (application.inputs.some((input) => this.#paused.tracks(input))) {
      throw new UsageError(
        `customVjp: forward uses a differentiated tensor from outside (in ${application.definition.name}); pass it as an input, or wrap it in stopGradient`,
      );
    }
    return this.below.bind(application);
  }

  read(variable: Variable): Tensor {
    if (this.#paused.watches(variable)) {
      const name = variable.name === undefined ? "a variable" : `the variable "${variable.name}"`;
      throw new UsageError(`customVjp: forward reads ${name}, which is differentiated; pass its value as an input`);
    }
    return this.below.read(variable);
  }

  write(variable: Variable, value: Tensor): void {
    this.#paused.write(variable, value);
  }

  guard: Interpreter["guard"] = (read) => this.below.guard(read);

  origin(): unknown {
    return this.below.origin?.();
  }
}
