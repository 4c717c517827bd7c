import type { Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";

/** The state that a rule keeps for one parameter: tensors by name. */
export type State = Readonly<Record<string, Tensor | undefined>>;

/**
 * A scalar of the parameter's dtype that changes from step to step. `value` is called in every step, with the number of updates of this
 * parameter (1 in the first) and the step of the optimizer (0 in the first).
 */
export type AtStep = (value: (t: number, step: number) => number) => Tensor;

/** What a rule is given to update one parameter. */
export interface UpdateContext<S, Options> {
  /** The gradient of the parameter. */
  readonly gradient: Tensor;
  /** The parameter before the update. */
  readonly parameter: Tensor;
  /** What the last update, or `init`, left. */
  readonly state: S;
  /** A scalar of the parameter's dtype: the learning rate of this step. */
  readonly learningRate: Tensor;
  /** Gives other numbers that change from step to step: a plain number would stay as it was when the step was compiled. */
  readonly atStep: AtStep;
  /** The options of the parameter's group. */
  readonly options: Options;
}

/** The parameter and the state after an update. */
export interface Update<S> {
  /** The new value of the parameter. */
  readonly parameter: Tensor;
  /** The new state, with all that `init` made. */
  readonly state: S;
}

/**
 * An optimizer, as two pure functions for one parameter. `Options` are constants of a compiled step; a schedule among them is called
 * through `atStep`.
 *
 * @example
 * ```ts
 * import { gradientsOf, ones, sign, Variable } from "@nn/tensor";
 * import { Optimizer, type UpdateRule } from "@nn/optim";
 *
 * // Sign descent: every weight moves by the learning rate.
 * const signDescent: UpdateRule<Record<never, never>, object> = {
 *   init: () => ({}),
 *   update: ({ gradient, parameter, learningRate }) => ({ parameter: parameter.sub(sign(gradient).mul(learningRate)), state: {} }),
 * };
 * const weight = new Variable(ones([2]));
 * const optimizer = new Optimizer(signDescent, [weight], { learningRate: 0.5 });
 * optimizer.step(gradientsOf(optimizer.parameters, [weight.value.mul(3)]));
 * weight.value.toArray(); // => [0.5, 0.5]
 * ```
 */
export interface UpdateRule<S extends State, Options> {
  /** The state before the first update. Called once for each parameter, when the optimizer is made. */
  readonly init: (parameter: Tensor, options: Options) => S;
  /** The kinds of the options, which are checked of the optimizer and of each group. Default: any value under the names of the options given. */
  readonly options?: OptionKinds<Options>;
  /** One update. Called for each step, or once to compile it. */
  readonly update: (context: UpdateContext<S, Options>) => Update<S>;
}
