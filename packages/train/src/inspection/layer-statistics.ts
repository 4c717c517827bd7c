import type { Histogram } from "@nn/records";

/** The output of a module on a batch. */
export interface ActivationStatistics {
  /** The name of the module in the model; `""` for the model itself. */
  readonly module: string;
  /** The class of the module. */
  readonly kind: string;
  readonly distribution: Histogram;
  /** The fraction of units whose output is 0 for every example. Units are the channels of images `[N, C, H, W]`, and otherwise the last axis. */
  readonly dead: number;
  /** The fraction of outputs of `Tanh` and `Sigmoid` within 1 % of the ends of their range; 0 for other modules. */
  readonly saturated: number;
}

/** A parameter and its gradient on a batch. */
export interface ParameterStatistics {
  /** The name of the parameter in the model. */
  readonly name: string;
  /** Whether it has two axes or more. */
  readonly isMatrix: boolean;
  readonly weight: Histogram;
  readonly gradient: Histogram;
  /** The norm of its latest change divided by its norm before, if the earlier weights are known. */
  readonly updateRatio: number | undefined;
}
