import { ArgumentError, atomically, hostCallback, hostEffect, HostState, UsageError, Variable, type Tensor } from "@nn/tensor";
import { describeValue, isFloat, Printable, requireKind } from "@nn/tensor/extend";
import { count, describeParameters, exposeState } from "../description.js";
import { requireVariables } from "../parameters.js";
import { isCount, isRecord, requireStateDict } from "../saved-values.js";
import { assignTensors, requireTensors, valuesOf, type StateVariables } from "../state-tensors.js";

/** What an average has to remember. All but `tensors` is ready for JSON. */
export interface ParameterAverageStateDict {
  /** How often `update` was called. */
  readonly updates: number;
  /** The averages, by the places of the variables. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * An average of parameters over the steps of training, beside them: `a ← a + s (x − a)`, where the fraction `s` may depend on the number of
 * updates so far. `ExponentialMovingAverage` and `StochasticWeightAverage` are this one with their fractions. The first update takes
 * the parameters as they are.
 *
 * Variables may be given as they are wanted: the parameters of a model alone, or its buffers too; what is not floating-point is copied.
 * Running statistics of batch normalisation that were not averaged do not fit the averaged parameters: forward some batches in
 * training mode, within {@link ParameterAverage.applied}, before evaluating.
 */
export class ParameterAverage extends Printable {
  /** What is averaged. */
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
   * Takes the present values of the variables in; usually after each step of the optimizer, and within the same compiled function.
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

  /** Exchanges the values of the variables and the averages; a second time, back. No update belongs between. */
  swap(): void {
    for (const [at, variable] of this.variables.entries()) {
      const average = this.#averages[at];
      if (average !== undefined) [variable.value, average.value] = [average.value, variable.value];
    }
  }

  /**
   * What `body` gives with the averages in the variables, which then have their own values again.
   * @throws UsageError if `body` is asynchronous; use {@link ParameterAverage.swap} around it.
   */
  applied<T>(body: () => T): T {
    if (typeof body !== "function") throw new UsageError(`${this.constructor.name}.applied: got ${describeValue(body)}, expected a function`);
    this.swap();
    try {
      const result = body();
      if (result instanceof Promise) throw new UsageError(`${this.constructor.name}.applied: the function is asynchronous, and would go on with other values; call swap() before and after it`);
      return result;
    } finally {
      this.swap();
    }
  }

  /** Everything that is needed to go on later. */
  stateDict(): ParameterAverageStateDict {
    return { updates: this.updates, tensors: valuesOf(this.#named()) };
  }

  /**
   * Continues from a state dictionary, or changes nothing if it does not fit.
   * @throws UsageError that names every difference.
   */
  loadStateDict(stateDict: ParameterAverageStateDict): void {
    requireStateDict(this.constructor.name, stateDict, { updates: isCount, tensors: isRecord });
    const { updates, tensors } = stateDict;
    requireTensors(this.constructor.name, this.#named(), tensors);
    assignTensors(this.#named(), tensors);
    this.#updates.value = updates;
  }

  /** The class, the updates, and what is averaged. */
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
