import { ArgumentError, atomically, hostCallback, hostEffect, HostState, UsageError, Variable, type Tensor } from "@nn/tensor";
import { describeValue, isFloat, isPlainObject, Printable, requireKind, requireSynchronous } from "@nn/tensor/extend";
import { count, describeParameters, exposeState } from "../description.js";
import { requireVariables } from "../parameters.js";
import { isCount, requireStateDict } from "../saved-values.js";
import { assignTensors, requireTensors, valuesOf, type StateVariables } from "../state-tensors.js";

/** The state of an average. All fields but `tensors` can be written as JSON. */
export interface ParameterAverageStateDict {
  /** How often `update` was called. */
  readonly updates: number;
  /** The averages, by the indices of the variables. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * An average of parameters over the steps of training: `a ← a + s (x − a)`, where the fraction `s` may depend on the number of
 * updates so far. `ExponentialMovingAverage` and `StochasticWeightAverage` are this class with their own fractions. The first update copies
 * the parameters.
 *
 * Pass the parameters of a model, or its buffers too. Variables that are not floating-point are copied, not averaged.
 * Running statistics of batch normalisation that are not averaged do not fit the averaged parameters: run the forward pass on some batches in
 * training mode, within {@link ParameterAverage.applied}, before evaluating.
 */
export class ParameterAverage extends Printable {
  /** The averaged variables. */
  readonly variables: readonly Variable[];
  readonly #averages: readonly Variable[];
  readonly #fraction: (updates: number) => number;
  readonly #updates = new HostState(0, "ParameterAverage.update");

  /** @throws UsageError for no variables. */
  constructor(variables: readonly Variable[], fraction: (updates: number) => number) {
    super();
    requireVariables(this.constructor.name, variables);
    requireKind(this.constructor.name, "fraction", fraction, "function");
    this.variables = [...variables];
    this.#averages = variables.map(({ value }) => new Variable(value, { name: "average" }));
    this.#fraction = fraction;
    exposeState(this);
  }

  /** How often {@link ParameterAverage.update} was called. */
  get updates(): number {
    return this.#updates.value;
  }

  /** The averages, in the order of the variables. */
  get values(): readonly Tensor[] {
    return this.#averages.map(({ value }) => value);
  }

  /**
   * Adds the present values of the variables to the averages. Call it after each step of the optimizer, in the same compiled function.
   * @throws ArgumentError if the fraction is not from 0 to 1.
   */
  update(): void {
    atomically(() => this.#takeIn());
  }

  #takeIn(): void {
    let fraction = 0;
    hostEffect(() => (fraction = this.#nextFraction()));
    for (const [at, { value, dtype }] of this.variables.entries()) {
      const average = this.#averages[at];
      if (average === undefined) continue;
      const mean = (): Tensor => average.value.mul(hostCallback(() => 1 - fraction, { dtype })).add(value.mul(hostCallback(() => fraction, { dtype })));
      average.value = isFloat(dtype) ? mean() : value;
    }
  }

  /** Exchanges the values of the variables and the averages. A second call exchanges them back; do not call `update` in between. */
  swap(): void {
    for (const [at, variable] of this.variables.entries()) {
      const average = this.#averages[at];
      if (average !== undefined) [variable.value, average.value] = [average.value, variable.value];
    }
  }

  /**
   * Calls `body` with the averages in the variables, restores the variables, and returns the result of `body`.
   * @throws UsageError if `body` is asynchronous; use {@link ParameterAverage.swap} around it.
   */
  applied<T>(body: () => T): T {
    if (typeof body !== "function") throw new UsageError(`${this.constructor.name}.applied: got ${describeValue(body)}, expected a function`);
    this.swap();
    try {
      return requireSynchronous(`${this.constructor.name}.applied`, "the function", body(), "the values are restored when it returns, so call swap() before and after it instead");
    } finally {
      this.swap();
    }
  }

  /** Everything that `loadStateDict` needs to continue later. */
  stateDict(): ParameterAverageStateDict {
    return { updates: this.updates, tensors: valuesOf(this.#named()) };
  }

  /**
   * Continues from a state dictionary, or changes nothing if it does not fit.
   * @throws UsageError that names every difference.
   */
  loadStateDict(stateDict: ParameterAverageStateDict): void {
    requireStateDict(this.constructor.name, stateDict, { updates: isCount, tensors: isPlainObject });
    const { updates, tensors } = stateDict;
    requireTensors(this.constructor.name, this.#named(), tensors);
    assignTensors(this.#named(), tensors);
    this.#updates.value = updates;
  }

  /** The class, the number of updates, and the variables. */
  override toString(): string {
    return `${this.constructor.name}, ${count(this.updates, "update")}\n  ${describeParameters(this.variables)}`;
  }

  #named(): StateVariables {
    return new Map(this.#averages.map((average, at) => [String(at), average]));
  }

  #nextFraction(): number {
    const fraction = this.updates === 0 ? 1 : this.#fraction(this.updates);
    if (!(fraction >= 0 && fraction <= 1)) throw new ArgumentError(`${this.constructor.name}: the fraction of update ${this.updates} is ${fraction}, expected 0 to 1`);
    this.#updates.value += 1;
    return fraction;
  }
}
