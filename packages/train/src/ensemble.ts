import { Module, type TensorModule } from "@nn/layers";
import { isTensor, ShapeError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, formatShape, requireKind, requireOptions, requireSynchronous, sameShape, type OptionKinds } from "@nn/tensor/extend";

/** Options of {@link ensemble}. */
export interface EnsembleOptions {
  /** Applied to the output of every model before the mean is taken, for example `softmax`, so that probabilities are averaged. Default: the outputs as they are. */
  readonly transform?: ((output: Tensor) => Tensor) | undefined;
}

const ensembleOptions: OptionKinds<EnsembleOptions> = { transform: "function" };

/** Models that predict together: see {@link ensemble}. */
export class Ensemble<M extends TensorModule = TensorModule> extends Module {
  readonly models: readonly M[];
  readonly #transform: (output: Tensor) => Tensor;

  constructor(models: readonly M[], { transform = (output) => output }: EnsembleOptions) {
    super();
    this.models = [...models];
    this.#transform = transform;
  }

  /** The mean of the outputs. @throws ShapeError if their shapes differ. */
  override forward(x: Tensor): Tensor {
    const outputs = this.models.map((model) => this.#transform(model.forward(x)));
    const [first] = outputs;
    for (const [at, { shape }] of outputs.entries()) {
      if (first !== undefined && !sameShape(shape, first.shape)) throw new ShapeError(`ensemble: model ${at} gave ${formatShape(shape)} and model 0 ${formatShape(first.shape)}, expected outputs of one shape`);
    }
    return outputs.reduce((sum, output) => sum.add(output)).div(outputs.length);
  }
}

/**
 * A module whose prediction is the mean of those of several models, `ȳ(x) = 1/M Σ fₘ(x)` (Hansen and Salamon 1990). Its parameters are those of all models.
 *
 * For classifiers, which return logits, average the probabilities: `transform: (logits) => softmax(logits, -1)`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { ensemble } from "@nn/train";
 * const models = [1, 3].map((slope) => {
 *   const model = new Linear(1, 1, { bias: false });
 *   model.weight.value = tensor([[slope]]);
 *   return model;
 * });
 * ensemble(models).forward(tensor([[10]])).toArray(); // => [[20]]
 * ```
 * @throws UsageError for no models, or a value that is not a module.
 */
export function ensemble<M extends TensorModule>(models: readonly M[], options: EnsembleOptions = {}): Ensemble<M> {
  requireKind("ensemble", "models", models, "list");
  requireOptions("ensemble", options, ensembleOptions);
  if (models.length === 0) throw new UsageError("ensemble: there are no models, expected at least one");
  for (const [at, model] of models.entries()) requireTensorModule("ensemble", `model ${at}`, model);
  const { transform } = options;
  const checked = (output: Tensor): Tensor => {
    const result: unknown = transform === undefined ? output : transform(output);
    requireSynchronous("ensemble", transform === undefined ? "the forward of a model" : "transform", result);
    if (isTensor(result)) return result;
    throw new UsageError(`ensemble: ${transform === undefined ? "a model" : "transform"} gave ${describeValue(result)}, expected a tensor`);
  };
  return new Ensemble(models, { transform: checked });
}

/** @throws UsageError for anything but a module. */
export function requireTensorModule(operation: string, what: string, model: unknown): asserts model is TensorModule {
  if (!(model instanceof Module)) throw new UsageError(`${operation}: ${what} is ${describeValue(model)}, expected a Module of @nn/layers`);
}
