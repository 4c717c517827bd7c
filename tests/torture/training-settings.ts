/** What a training with every plugin does. */
export interface TrainingSettings {
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly accumulate: number;
  /** A checkpoint after so many steps, or epochs. */
  readonly every: { readonly steps: number } | { readonly epochs: number };
  readonly patience: number;
  readonly average: "exponential" | "stochastic";
  readonly compile: boolean;
}
