import { valueAndGrad } from "@nn/autograd";
import { clipByGlobalNorm, GradientAccumulation, type GradientAccumulationStateDict, type ParameterAverage, type Updater } from "@nn/optim";
import { ArgumentError, UsageError, Variable, zeros, type Gradients, type Tensor } from "@nn/tensor";
import { castTo, describeValue, quote, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireScalar } from "./averages.js";
import { countExamples, requirePair, type Pair } from "./batches.js";
import { requireModel, type Model } from "./evaluation-mode.js";
import { executed, type Execution } from "./execution.js";
import { located } from "./located.js";
import { divideMetrics, type Metrics, type MetricLike } from "./metric.js";
import type { Stateful } from "./stateful.js";

/** A loss: a function of output and target that returns the mean over the examples of a batch. */
export type Loss<Output, Target> = (output: Output, target: Target) => Tensor;

/** A loss that takes options. Others refuse them by name. */
type LossWithOptions<Output, Target> = (output: Output, target: Target, options?: { readonly labelSmoothing: number }) => Tensor;

/** A changed batch: `[input, target]`, or the result of `mixup` or `cutmix` of `@nn/data`. */
export type Augmented<Input, Target> = Pair<Input, Target> | { readonly inputs: Input; readonly targets: Target };

/** Options of {@link trainStep}. */
export interface TrainStepOptions<Input, Target, Output, M> {
  /** Metrics of the training examples, computed from the outputs of the step. A function returns the mean over a batch. */
  readonly metrics?: M | undefined;
  /** The largest global norm of the gradients. Gradients with a larger norm are scaled down to it (`clipByGlobalNorm`). */
  readonly clipNorm?: number | undefined;
  /** Changes the gradients before they are clipped. */
  readonly transform?: ((gradients: Gradients<Tensor | undefined>) => Gradients<Tensor | undefined>) | undefined;
  /**
   * The number of batches whose gradients are accumulated for one step of the optimizer. The step is that of one large batch: every batch counts with
   * its `weight`. Batches that are left at the end of an epoch make a step of their own.
   */
  readonly accumulate?: number | undefined;
  /** The number that the loss is a mean over, as a scalar: for example the number of tokens that are not padding. Default: the number of examples. */
  readonly weight?: ((output: Output, target: Target) => Tensor) | undefined;
  /** An average of the weights, updated after every step of the optimizer. */
  readonly average?: ParameterAverage | undefined;
  /**
   * Changes a batch inside the step: `(x, y) => [shifted(x), y]`, or `(x, y) => mixup(x, y, { classes: 10 })` of `@nn/data`. The metrics get the outputs for the changed
   * input, and the original target.
   */
  readonly augment?: ((input: Input, target: Target) => Augmented<Input, Target>) | undefined;
  /** Passed to the loss as its option `labelSmoothing`. A loss without this option refuses it. */
  readonly labelSmoothing?: number | undefined;
  /** Whether the step is compiled, or options of `compile`; default true. */
  readonly compile?: Execution | undefined;
}

const trainStepOptions: OptionKinds<TrainStepOptions<unknown, unknown, unknown, unknown>> = {
  metrics: "any", clipNorm: "positive", transform: "function", accumulate: "count", weight: "function", average: "any", augment: "function",
  labelSmoothing: "probability", compile: "any",
};

/**
 * The result of a step: the loss and other means over the batch, all scalars. `weight` is the number that they are means over, if it is not the
 * number of examples.
 */
export interface StepMeans {
  readonly loss: Tensor;
  readonly weight?: Tensor;
}

/** A training step on a batch `[input, target]`, as `fit` takes it. */
export interface TrainStep<Input, Target, M> extends Stateful {
  (batch: Pair<Input, Target>): StepMeans;
  /** The metrics that the step updates. */
  readonly metrics: M;
  /** Makes a step of the optimizer with the accumulated batches, if there are any. `fit` calls it at the end of each epoch. */
  flush(): boolean;
  /** Frees compiled programs. */
  dispose(): void;
}

/**
 * A whole training step: forward, loss, gradients, clipping, and the optimizer's update, compiled into one program.
 *
 * @example
 * ```ts
 * import { manualSeed, tensor } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { mse } from "@nn/losses";
 * import { SGD } from "@nn/optim";
 * import { trainStep } from "@nn/train";
 *
 * manualSeed(1);
 * const model = new Linear(1, 1);
 * const step = trainStep(model, mse, new SGD(model.parameters(), { learningRate: 0.1 }), { clipNorm: 1 });
 * const batch = [tensor([[1], [2], [3]]), tensor([[2], [4], [6]])] as const;
 * for (let turn = 0; turn < 200; turn++) step(batch);
 * step(batch).loss.item() < 1e-3; // => true
 * ```
 * @throws UsageError, ArgumentError for arguments and options of a wrong kind; when called, for a batch that is not `[input, target]`.
 */
export function trainStep<Input, Target, Output, const M extends Metrics<Output, Target> = Readonly<Record<never, never>>>(
  model: Model<Input, Output>, loss: Loss<Output, Target>, optimizer: Updater, options: TrainStepOptions<Input, Target, Output, M> = {},
): TrainStep<Input, Target, M> {
  requireArguments(model, loss, optimizer, options);
  const metrics = options.metrics ?? ({} as M);
  const { gathering, means } = divideMetrics<Output, Target>("trainStep", metrics);
  const update = new Update(optimizer, options);
  const smoothing = options.labelSmoothing === undefined ? [] : [{ labelSmoothing: options.labelSmoothing }] as const;
  const lossOf: LossWithOptions<Output, Target> = loss;

  const body = (batch: Pair<Input, Target>): StepResults<Output> => {
    const { augment } = options;
    const [input, target] = augment === undefined ? batch : pairOf(located("augment", () => augment(...batch)));
    let output: Output | undefined;
    let value: Tensor | undefined;
    let weight: Tensor | undefined;
    const { gradients } = valueAndGrad(() => {
      output = model.forward(input);
      value = lossOf(output, target, ...smoothing);
      requireScalar("trainStep", "the loss", value);
      weight = located("weight", () => options.weight?.(output as Output, target));
      if (weight !== undefined) requireScalar("trainStep", "weight", weight);
      return update.isWeighted ? value.mul(castTo(weight ?? examples(batch, value), value.dtype)) : value;
    }, optimizer.parameters);
    if (output === undefined || value === undefined) throw new UsageError("trainStep: the gradients were computed without the loss");
    update.apply(gradients, () => castTo(weight ?? examples(batch, value as Tensor), (value as Tensor).dtype));
    for (const metric of gathering.values()) if (metric.isCompilable) metric.update(output, batch[1]);
    const others = Object.fromEntries([...means].map(([name, mean]) => [name, located(`the metric ${quote(name)}`, () => mean(output as Output, batch[1]))]));
    return { means: { ...others, loss: value, ...(weight === undefined ? {} : { weight }) }, ...(isOutputNeeded ? { output } : {}) };
  };

  const outside = [...gathering.values()].filter(({ isCompilable }) => !isCompilable);
  const isOutputNeeded = outside.length > 0;
  const run = executed("trainStep", body, options.compile);
  const step = (batch: Pair<Input, Target>): StepMeans => {
    requirePair("trainStep", batch);
    const { means, output } = run(batch);
    for (const metric of outside as readonly MetricLike<Output, Target>[]) metric.update(output as Output, batch[1]);
    return means;
  };
  return Object.assign(step, {
    metrics, flush: () => update.flush(), dispose: () => run.dispose(), stateDict: () => update.stateDict(), loadStateDict: (state: unknown) => update.loadStateDict(state),
  });
}

interface StepResults<Output> {
  readonly means: StepMeans;
  readonly output?: Output;
}

function examples(batch: unknown, { dtype }: Tensor): Tensor {
  return zeros([], { dtype }).add(countExamples(batch));
}

type UpdateOptions = Pick<TrainStepOptions<never, never, never, unknown>, "accumulate" | "clipNorm" | "transform" | "average">;

/** How gradients become an update: accumulated, changed, clipped, and then averaged over the steps. */
class Update {
  readonly #optimizer: Updater;
  readonly #average: ParameterAverage | undefined;
  readonly #accumulation: GradientAccumulation<unknown> | undefined;
  /** The weights of the batches that are accumulated. */
  readonly #weight: Variable;
  readonly #change: (gradients: Gradients<Tensor | undefined>) => Gradients<Tensor | undefined>;

  constructor(optimizer: Updater, { accumulate = 1, clipNorm, transform: change = (given) => given, average }: UpdateOptions) {
    this.#optimizer = optimizer;
    this.#average = average;
    const transform = (gradients: Gradients<Tensor | undefined>): Gradients<Tensor | undefined> => located("transform", () => change(gradients));
    this.#change = (gradients) => (clipNorm === undefined ? transform(gradients) : clipByGlobalNorm(transform(gradients), clipNorm).gradients);
    this.#weight = new Variable(zeros([], { dtype: optimizer.parameters[0]?.dtype ?? "float32" }), { name: "accumulated weight" });
    if (accumulate > 1) {
      const whole: Updater = {
        parameters: optimizer.parameters,
        step: (gradients) => this.#step(gradients),
        stateDict: () => optimizer.stateDict(),
        loadStateDict: (state) => optimizer.loadStateDict(state),
      };
      this.#accumulation = new GradientAccumulation(whole, { every: accumulate, reduction: "sum", transform: (sums) => this.#mean(sums) });
    }
  }

  /** Whether gradients are those of `weight · loss`. */
  get isWeighted(): boolean {
    return this.#accumulation !== undefined;
  }

  apply(gradients: Gradients<Tensor | undefined>, weight: () => Tensor): void {
    if (this.#accumulation === undefined) {
      this.#step(this.#change(gradients));
      return;
    }
    this.#weight.value = this.#weight.value.add(castTo(weight(), this.#weight.dtype));
    this.#accumulation.step(gradients);
  }

  flush(): boolean {
    return this.#accumulation?.flush() ?? false;
  }

  /** The state, without that of the optimizer, which is saved separately. */
  stateDict(): unknown {
    if (this.#accumulation === undefined) return { average: this.#average?.stateDict() };
    const { inner: _, ...accumulation } = this.#accumulation.stateDict();
    return { average: this.#average?.stateDict(), accumulation, weight: this.#weight.value };
  }

  loadStateDict(state: unknown): void {
    const { average, accumulation, weight } = Object(state) as { readonly average?: unknown; readonly accumulation?: object; readonly weight?: Tensor };
    if ((average === undefined) !== (this.#average === undefined)) throw new UsageError("trainStep: the state and the step differ in whether they average weights; use the same option `average`");
    if ((accumulation === undefined) !== (this.#accumulation === undefined)) throw new UsageError("trainStep: the state and the step differ in whether they accumulate gradients; use the same option `accumulate`");
    const before = this.#accumulation?.stateDict();
    if (accumulation !== undefined && weight !== undefined && this.#accumulation !== undefined) {
      this.#accumulation.loadStateDict({ ...accumulation, inner: this.#optimizer.stateDict() } as GradientAccumulationStateDict<unknown>);
    }
    try {
      if (this.#average !== undefined) this.#average.loadStateDict(average as ReturnType<ParameterAverage["stateDict"]>);
      if (weight !== undefined) this.#weight.value = weight;
    } catch (error) {
      if (before !== undefined) this.#accumulation?.loadStateDict(before);
      throw error;
    }
  }

  /** The mean of the accumulated gradients, which are multiplied by the weights of their batches. */
  #mean(sums: Gradients<Tensor | undefined>): Gradients<Tensor | undefined> {
    const total = this.#weight.value;
    this.#weight.value = zeros([], { dtype: total.dtype });
    return this.#change(sums.map((sum) => sum?.div(castTo(total, sum.dtype))));
  }

  #step(gradients: Gradients<Tensor | undefined>): void {
    this.#optimizer.step(gradients);
    this.#average?.update();
  }
}

function requireArguments(model: unknown, loss: unknown, optimizer: unknown, options: { readonly average?: unknown; readonly metrics?: unknown }): void {
  requireModel("trainStep", model);
  requireKind("trainStep", "the loss", loss, "function");
  const { parameters, step } = Object(optimizer) as Partial<Record<string, unknown>>;
  if (!Array.isArray(parameters) || typeof step !== "function") throw new UsageError(`trainStep: the optimizer is ${describeValue(optimizer)}, expected an optimizer of @nn/optim, or a wrapper around one`);
  requireOptions("trainStep", options, trainStepOptions);
  const { average, metrics } = options;
  if (average !== undefined && typeof Object(average).update !== "function") throw new UsageError(`trainStep: average is ${describeValue(average)}, expected a ParameterAverage of @nn/optim`);
  if (metrics !== undefined && typeof metrics === "object" && metrics !== null && ("loss" in metrics || "weight" in metrics)) {
    throw new ArgumentError(`trainStep: a metric cannot have the name "${"loss" in metrics ? "loss" : "weight"}", which the step uses itself`);
  }
}

/** @throws UsageError unless the result of `augment` is a batch. */
function pairOf<Input, Target>(augmented: Augmented<Input, Target>): Pair<Input, Target> {
  if (Array.isArray(augmented) && augmented.length === 2) return augmented as Pair<Input, Target>;
  if (typeof augmented === "object" && augmented !== null && "inputs" in augmented && "targets" in augmented) return [augmented.inputs, augmented.targets];
  throw new UsageError(`trainStep: augment gave ${describeValue(augmented)}, expected [input, target], or the result of mixup or cutmix`);
}
