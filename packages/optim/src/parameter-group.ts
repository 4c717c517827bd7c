import type { FloatDType, Variable } from "@nn/tensor";
import type { LearningRate, RateSetting } from "./learning-rate.js";
import type { Optional } from "./options.js";

/** What every optimizer takes. */
export interface LearningRateOptions {
  /** How far a step goes: a number, or a schedule. */
  readonly learningRate: LearningRate;
}

/** Parameters that are optimized with options of their own; what is left out is as for the others. */
export type GroupSettings<Options> = Optional<Options & LearningRateOptions> & { readonly parameters: readonly Variable[] };

/** Parameters that are optimized with the same options. */
export interface ParameterGroup<Options> {
  /** The parameters of the group. */
  readonly parameters: readonly Variable[];
  /** Its options, with the defaults filled in. */
  readonly options: Options;
  /** The rate of the next step. Assigning a number or a schedule gives the group a rate of its own. */
  get learningRate(): number;
  set learningRate(rate: LearningRate);
}

/** A group as its optimizer sees it. */
export class Group<Options> implements ParameterGroup<Options> {
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

  /** The step that is being taken, from 0. It is counted before anything else of it is computed. */
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
