import type { FloatDType, Variable } from "@nn/tensor";
import type { LearningRate, RateSetting } from "./learning-rate.js";
import type { Optional } from "./options.js";

/** Options of every optimizer. */
export interface LearningRateOptions {
  /** The learning rate: a number, or a schedule. */
  readonly learningRate: LearningRate;
}

/** Parameters with their own options. Options that are left out have the optimizer's values. */
export type GroupSettings<Options> = Optional<Options & LearningRateOptions> & { readonly parameters: readonly Variable[] };

/** Parameters with the same options. */
export interface ParameterGroup<Options> {
  /** The parameters of the group. */
  readonly parameters: readonly Variable[];
  /** Its options, with the defaults filled in. */
  readonly options: Options;
  /** The rate of the next step. Assign a number or a schedule to give the group its own rate. */
  get learningRate(): number;
  set learningRate(rate: LearningRate);
}

/** A group and its settings, for use inside the optimizer. */
export class OptimizerGroup<Options> implements ParameterGroup<Options> {
  readonly parameters: readonly Variable[];
  readonly options: Options;
  readonly rate: RateSetting;
  readonly #steps: () => number;

  constructor(parameters: readonly Variable[], options: Options, rate: RateSetting, steps: () => number) {
    this.parameters = parameters;
    this.options = options;
    this.rate = rate;
    this.#steps = steps;
  }

  /** The current step, from 0. The step is counted before anything else in it is computed. */
  get step(): number {
    return this.#steps() - 1;
  }

  get learningRate(): number {
    return this.rate.at(this.#steps());
  }

  set learningRate(rate: LearningRate) {
    this.rate.set(rate);
  }

  /** The widest dtype of the parameters. */
  get dtype(): FloatDType {
    return this.parameters.some(({ dtype }) => dtype === "float64") ? "float64" : "float32";
  }
}
