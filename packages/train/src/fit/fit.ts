import { ArgumentError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import type { Batches, Pair } from "../batches.js";
import type { Metrics } from "../metric.js";
import type { Evaluate, FitOptions, SimpleFitOptions, SimpleValues, StepOptions } from "./options.js";
import { planOf, simplePlanOf, type AnyFitOptions, type AnySimpleFitOptions } from "./plan.js";
import { Training } from "./training.js";
import type { StepResult, TrainingValues } from "./values.js";

/**
 * Trains a model. The returned run is both a promise of the result and a stream of events for `for await`. It starts when it is awaited or iterated.
 *
 * Given a model, a loss and an optimizer, it makes the step itself ({@link trainStep}) and evaluates on `validation` after every epoch. With `step` and `evaluate`,
 * you supply both.
 *
 * The same options and seeds give the same numbers, even if the run is interrupted or killed and continues from a checkpoint (plugin `checkpoints`, or `resume`).
 * The modes of the model's modules are as before when the run has ended.
 *
 * @example
 * ```ts
 * import { manualSeed, tensor } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { mse } from "@nn/losses";
 * import { SGD } from "@nn/optim";
 * import { fit } from "@nn/train";
 *
 * manualSeed(1);
 * const model = new Linear(1, 1);
 * const { outcome, history } = await fit({
 *   model, loss: mse, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }),
 *   batches: [[tensor([[1], [2], [3]]), tensor([[2], [4], [6]])]], epochs: 100,
 * });
 * outcome; // => "completed"
 * history.at(-1)?.values.training.loss! < 0.01; // => true
 * ```
 * @throws UsageError, ArgumentError at once for options that are missing, unknown or of a wrong kind.
 */
export function fit<Batch, Result extends StepResult | Promise<StepResult> = never, M = never, Validation extends object = never>(
  options: FitOptions<Batch, Result, M, Validation>,
): Training<TrainingValues<Result, M> & { readonly validation: Validation }>;
// Type parameters have the default `never`, and types of options no conditions over them: so TypeScript finds out the types of a step and an evaluator made within the call.
export function fit<Batch, Result extends StepResult | Promise<StepResult> = never, M = never>(
  options: StepOptions<Batch, Result, M, TrainingValues<Result, M>> & { readonly evaluate?: undefined },
): Training<TrainingValues<Result, M>>;
export function fit<Batch, Result extends StepResult | Promise<StepResult> = never, M = never, Validation extends object = never>(
  options: StepOptions<Batch, Result, M, TrainingValues<Result, M> & { readonly validation?: Validation }> & { readonly evaluate: Evaluate<Validation> | undefined },
): Training<TrainingValues<Result, M> & { readonly validation?: Validation }>;
export function fit<Input, Target, Output, const M extends Metrics<Output, Target> = Readonly<Record<never, never>>, Validation extends Batches<Pair<Input, Target>> | undefined = undefined>(
  options: SimpleFitOptions<Input, Target, Output, M, Validation> & { readonly step?: never },
): Training<SimpleValues<M, Validation>>;
export function fit(options: object): unknown {
  if (typeof options !== "object" || options === null) throw new ArgumentError(`fit: the options are ${describeValue(options)}, expected an object such as { model, loss, optimizer, batches, epochs }`);
  return new Training("step" in options && options.step !== undefined ? planOf(options as AnyFitOptions) : simplePlanOf(options as AnySimpleFitOptions));
}
