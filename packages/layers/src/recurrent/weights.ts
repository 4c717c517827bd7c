import { uniform } from "@nn/tensor";
import type { InitializerOptions } from "../initializers/initializer.js";
import { createParameter } from "../create-parameter.js";
import type { Parameter } from "../parameter.js";

/** The parameters with which one layer goes through a sequence in one direction. */
export interface RecurrentWeights {
  /** `[gates · hiddenSize, inputs]`. */
  readonly weightIh: Parameter;
  /** `[gates · hiddenSize, outputs]`. */
  readonly weightHh: Parameter;
  /** `[gates · hiddenSize]`. */
  readonly biasIh: Parameter | undefined;
  /** `[gates · hiddenSize]`. */
  readonly biasHh: Parameter | undefined;
  /** `[projectionSize, hiddenSize]`, of an LSTM with projections. */
  readonly weightHr: Parameter | undefined;
}

/** Sizes from which {@link RecurrentWeights} are made. */
export interface RecurrentSizes {
  readonly inputs: number;
  readonly hiddenSize: number;
  /** Gates of the kind of layer: RNN 1, GRU 3, LSTM 4. */
  readonly gates: number;
  readonly projectionSize?: number | undefined;
  readonly bias: boolean;
}

/** Parameters uniform in ±1/√hiddenSize, as PyTorch initialises them. */
export function createWeights(owner: string, { inputs, hiddenSize, gates, projectionSize, bias }: RecurrentSizes, options: InitializerOptions): RecurrentWeights {
  const bound = 1 / Math.sqrt(hiddenSize);
  const create = (name: string, ...shape: number[]): Parameter => 
    createParameter(owner, name, (of, common) => uniform(of, { ...common, low: -bound, high: bound }), shape, options);
  return {
    weightIh: create("weightIh", gates * hiddenSize, inputs),
    weightHh: create("weightHh", gates * hiddenSize, projectionSize ?? hiddenSize),
    biasIh: bias ? create("biasIh", gates * hiddenSize) : undefined,
    biasHh: bias ? create("biasHh", gates * hiddenSize) : undefined,
    weightHr: projectionSize === undefined ? undefined : create("weightHr", projectionSize, hiddenSize),
  };
}
