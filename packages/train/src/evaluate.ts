import type { Tensor } from "@nn/tensor";
import { UsageError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { Averages, requireScalar } from "./averages.js";
import { countExamples, requireBatches, requirePair, requireSignal, type Batches, type Pair } from "./batches.js";
import { keepModes, requireModel, type Model } from "./evaluation-mode.js";
import { executed, type Execution } from "./execution.js";
import { computeAll, directionsOf, divideMetrics, type DividedMetrics, type Metrics, type MetricValues } from "./metric.js";
import { responsive } from "./responsive.js";
import { isStateful } from "./stateful.js";

/** Options of {@link evaluate} and {@link evaluator}. */
export interface EvaluateOptions<Output, Target> {
  /** Whether the model and the metrics are compiled; default true. */
  readonly compile?: Execution | undefined;
  /** The weight of a batch in the means of functions among the metrics, as a scalar: for example its number of tokens. Default: its number of examples. */
  readonly weight?: ((output: Output, target: Target) => Tensor) | undefined;
  /** Ends the evaluation; the call then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const evaluateOptions: OptionKinds<EvaluateOptions<unknown, unknown>> = { compile: "any", weight: "function", signal: "any" };

/** The type of the targets in the batches of a source. It is inferred even if the loader is made within the call. */
export type TargetOf<Source> = Source extends Batches<infer Batch> ? (Batch extends Pair<unknown, infer Target> ? Target : never) : never;

/** An evaluation that can be repeated. `fit` takes it as `evaluate`. */
export interface Evaluation<Values> {
  /** Evaluates all batches. */
  (options?: { readonly signal?: AbortSignal | undefined }): Promise<Values>;
  /** The names of the values, and for each whether larger is better (`null`: neither). */
  readonly directions?: Readonly<Record<string, boolean | null>>;
  /** Frees compiled programs. */
  dispose?(): void;
  /** The position of the batches, if they have one. */
  stateDict?(): unknown;
  /** Continues from a position. */
  loadStateDict?(state: unknown): unknown;
}

/**
 * Evaluates a model on all batches `[input, target]`: losses and metrics over the examples, whatever the sizes of the batches. The model is in evaluation mode
 * during the call. Afterwards, the modes of its modules and the states of the metrics are as before.
 *
 * Every call compiles the model again. To evaluate repeatedly, make an {@link evaluator} once.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { mse } from "@nn/losses";
 * import { evaluate } from "@nn/train";
 * const model = new Linear(1, 1);
 * model.weight.value = tensor([[2]]);
 * model.bias!.value = tensor([0]);
 * await evaluate(model, [[tensor([[1], [2]]), tensor([[2], [4]])], [tensor([[3]]), tensor([[9]])]], { loss: mse }); // => { loss: 3 }
 * ```
 * @throws UsageError for no batches, or a batch that is not `[input, target]`; ShapeError for a function whose result is not a scalar.
 */
export async function evaluate<Input, Output, B extends Batches<Pair<Input, unknown>>, const M extends Metrics<Output, TargetOf<B>>>(
  model: Model<Input, Output>, batches: B, metrics: M, options: EvaluateOptions<Output, TargetOf<B>> = {},
): Promise<MetricValues<M>> {
  const evaluation = prepare<Input, TargetOf<B>, Output, M>("evaluate", model, batches as Batches<Pair<Input, TargetOf<B>>>, metrics, options);
  try {
    return await evaluation.run(options.signal);
  } finally {
    evaluation.dispose();
  }
}

/**
 * An evaluation that is compiled once and can be repeated. `fit` takes it as `evaluate`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { mse } from "@nn/losses";
 * import { evaluator } from "@nn/train";
 * const validate = evaluator(new Linear(1, 1), [[tensor([[1]]), tensor([[2]])]], { loss: mse });
 * (await validate()).loss >= 0; // => true
 * ```
 * @throws UsageError for arguments that are not a model, batches and metrics; when called, as {@link evaluate}.
 */
export function evaluator<Input, Output, B extends Batches<Pair<Input, unknown>>, const M extends Metrics<Output, TargetOf<B>>>(
  model: Model<Input, Output>, batches: B, metrics: M, options: EvaluateOptions<Output, TargetOf<B>> = {},
): Evaluation<MetricValues<M>> {
  const { run, directions, dispose } = prepare<Input, TargetOf<B>, Output, M>("evaluator", model, batches as Batches<Pair<Input, TargetOf<B>>>, metrics, options);
  const state = isStateful(batches) ? { stateDict: () => batches.stateDict(), loadStateDict: (saved: unknown) => batches.loadStateDict(saved) } : {};
  return Object.assign((call: { readonly signal?: AbortSignal | undefined } = {}) => run(call.signal ?? options.signal), { directions, dispose, ...state });
}

interface Prepared<Values> {
  readonly run: (signal: AbortSignal | undefined) => Promise<Values>;
  readonly directions: Readonly<Record<string, boolean | null>>;
  readonly dispose: () => void;
}

function prepare<Input, Target, Output, const M extends Metrics<Output, Target>>(
  operation: string, model: Model<Input, Output>, batches: Batches<Pair<Input, Target>>, metrics: M, options: EvaluateOptions<Output, Target>,
): Prepared<MetricValues<M>> {
  requireModel(operation, model);
  requireBatches(operation, "the second argument", batches);
  const divided = divideMetrics<Output, Target>(operation, metrics);
  requireOptions(operation, options, evaluateOptions);
  requireSignal(operation, options.signal);
  const step = executed(operation, (batch: Pair<Input, Target>) => measure(operation, model, batch, divided, options.weight), options.compile);

  const pass = async (signal: AbortSignal | undefined): Promise<MetricValues<M>> => {
    const averages = new Averages();
    let count = 0;
    for await (const batch of responsive(batches, { signal })) {
      requirePair(operation, batch);
      const { means, weight, output } = step(batch);
      for (const metric of divided.gathering.values()) if (!metric.isCompilable) metric.update(output as Output, batch[1]);
      averages.add(means, weight ?? countExamples(batch));
      if (++count % readEvery === 0) await averages.flush();
    }
    if (count === 0) throw new UsageError(`${operation}: there are no batches to evaluate`);
    await averages.flush();
    const values = { ...averages.means, ...(await computeAll(divided.gathering)) };
    return Object.fromEntries(Object.keys(metrics).map((name) => [name, values[name]])) as MetricValues<M>;
  };

  const run = async (signal: AbortSignal | undefined): Promise<MetricValues<M>> => {
    requireSignal(operation, signal);
    const gathered = [...divided.gathering.values()].map((metric) => [metric, metric.stateDict()] as const);
    const putModesBack = keepModes(model);
    model.eval();
    try {
      for (const [metric] of gathered) metric.reset();
      return await pass(signal);
    } finally {
      for (const [metric, state] of gathered) metric.loadStateDict(state);
      putModesBack();
    }
  };
  return { run, directions: directionsOf(divided), dispose: () => step.dispose() };
}

/** Values are read after this many batches. */
const readEvery = 16;

/** The measurements on one batch. The output is returned only for metrics that cannot be compiled. */
function measure<Input, Target, Output>(
  operation: string, model: Model<Input, Output>, [input, target]: Pair<Input, Target>, { gathering, means }: DividedMetrics<Output, Target>,
  weigh: ((output: Output, target: Target) => Tensor) | undefined,
): { readonly means: Readonly<Record<string, Tensor>>; readonly weight?: Tensor | undefined; readonly output?: Output | undefined } {
  const output = model.forward(input);
  const results = Object.fromEntries([...means].map(([name, mean]) => {
    const result = mean(output, target);
    requireScalar(operation, `the metric ${name}`, result);
    return [name, result];
  }));
  for (const metric of gathering.values()) if (metric.isCompilable) metric.update(output, target);
  const weight = weigh?.(output, target);
  if (weight !== undefined) requireScalar(operation, "weight", weight);
  const outside = [...gathering.values()].some(({ isCompilable }) => !isCompilable);
  return { means: results, ...(weight === undefined ? {} : { weight }), ...(outside ? { output } : {}) };
}
