import { valueAndGrad } from "@nn/autograd";
import { onForward, Sigmoid, Tanh, type Module } from "@nn/layers";
import { findingsIn, histogramOf, type Finding, type Histogram } from "@nn/records";
import { isTensor, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, isFloat, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireScalar } from "../averages.js";
import { requirePair, type Pair } from "../batches.js";
import { requireModel, type Model } from "../evaluation-mode.js";
import { undone } from "../undone.js";
import type { ActivationStatistics, ParameterStatistics } from "./layer-statistics.js";

/** The result of {@link inspectModel}. */
export interface ModelInspection {
  readonly loss: number;
  /** The modules without modules of their own, in the order in which they ran. */
  readonly activations: readonly ActivationStatistics[];
  /** The trainable parameters, in the order of the model. */
  readonly parameters: readonly ParameterStatistics[];
  /** Likely problems in words, by the rules of `findingsOf` of `@nn/records`; empty if there are none. */
  readonly findings: readonly Finding[];
}

/** Options of {@link inspectModel}. */
export interface InspectModelOptions {
  /** The weights before the latest step, `model.stateDict()`. They are needed for the ratios of updates to weights. */
  readonly before?: Readonly<Record<string, Tensor>> | undefined;
  /** The number of bins of histograms. Default 30. */
  readonly bins?: number | undefined;
}

const inspectModelOptions: OptionKinds<InspectModelOptions> = { before: "any", bins: "count" };

/**
 * Runs a model and its gradients on one batch, in its current mode, and reports the distributions of activations, weights and gradients, the fractions of dead
 * and saturated units, the ratios of updates to weights, and likely problems in words. It reads every number, which is slow: call it only now and then.
 * Nothing changes: buffers and random generators are restored.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { mse } from "@nn/losses";
 * import { inspectModel } from "@nn/train";
 * const hidden = new Linear(1, 2);
 * hidden.loadStateDict({ weight: tensor([[1], [-1]]), bias: tensor([0, 0]) });
 * const { findings } = inspectModel(new Sequential(hidden, new ReLU()), mse, [tensor([[1], [2]]), tensor([[1, 1], [2, 2]])]);
 * [findings[0]?.subject, findings[0]?.text]; // => ["1", "50 % of units dead: they are 0 for every example"]
 * ```
 * @throws UsageError for anything but a module, and a batch that is not `[input, target]`.
 */
export function inspectModel<Input, Target, Output>(
  model: Model<Input, Output>, loss: (output: Output, target: Target) => Tensor, batch: Pair<Input, Target>, options: InspectModelOptions = {},
): ModelInspection {
  requireModel("inspectModel", model);
  requireKind("inspectModel", "the loss", loss, "function");
  requirePair("inspectModel", batch);
  if (typeof batch[0] !== "object" || batch[0] === null) throw new UsageError(`inspectModel: the input of the batch is ${describeValue(batch[0])}, expected a tensor, or what the model takes`);
  requireOptions("inspectModel", options, inspectModelOptions);
  const { before, bins = 30 } = options;
  const names = [...model.namedParameters()].filter(([, { trainable }]) => trainable);
  if (names.length === 0) throw new UsageError("inspectModel: the model has no trainable parameters");
  const outputs = new Map<Module, { readonly path: string; readonly output: Tensor }>();
  const { value, gradients } = undone(() => {
    const remove = onForward(model, (module, path, _, output) => {
      if (isTensor(output) && isFloat(output.dtype) && module.children().length === 0) outputs.set(module, { path, output });
    });
    try {
      return valueAndGrad(() => {
        const result = loss(model.forward(batch[0]), batch[1]);
        requireScalar("inspectModel", "the loss", result);
        return result;
      }, names.map(([, parameter]) => parameter), { strict: false });
    } finally {
      remove();
    }
  });
  const activations = [...outputs].map(([module, { path, output }]) => activationOf(module, path, output, bins));
  const parameters = names.map(([name, { value: weight }], at): ParameterStatistics => {
    const [old, gradient] = [before?.[name], gradients[at]];
    const [weights, slopes] = [histogramOf(weight, { bins }), histogramOf(gradient ?? weight.mul(0), { bins })];
    return { name, isMatrix: weight.rank >= 2, weight: weights, gradient: slopes, updateRatio: isTensor(old) ? sizeOf(histogramOf(weight.sub(old), { bins: 1 })) / sizeOf(weights) : undefined };
  });
  return { loss: value.item(), activations, parameters, findings: findingsAbout(activations, parameters) };
}

/** The root mean square, which is proportional to the norm for tensors of one shape. */
function sizeOf({ mean, deviation }: Histogram): number {
  return Math.hypot(mean, deviation);
}

function findingsAbout(activations: readonly ActivationStatistics[], parameters: readonly ParameterStatistics[]): readonly Finding[] {
  const ratios = parameters.filter(({ isMatrix, updateRatio }) => isMatrix && updateRatio !== undefined);
  return findingsIn({
    histograms: new Map([
      ...activations.map(({ module, distribution }) => [`activations/${module}`, distribution] as const),
      ...parameters.flatMap(({ name, weight, gradient }) => [[`weights/${name}`, weight], [`gradients/${name}`, gradient]] as const),
    ]),
    scalars: new Map(ratios.map(({ name, updateRatio = 0 }) => [`update ratio/${name}`, { steps: [0], values: [updateRatio] }] as const)),
    saturation: new Map(activations.map(({ module, saturated }) => [module, saturated] as const)),
  });
}

function activationOf(module: Module, path: string, output: Tensor, bins: number): ActivationStatistics {
  const [low, high] = module instanceof Tanh ? [-1, 1] : module instanceof Sigmoid ? [0, 1] : [-Infinity, Infinity];
  const margin = (high - low) / 100;
  const data = output.toTypedArray();
  const ends = Number.isFinite(margin) ? Array.from(data, Number).filter((each) => each < low + margin || each > high - margin).length : 0;
  const unitAxis = output.rank === 4 ? 1 : output.rank - 1;
  const distribution = histogramOf(output, { bins, ...(output.rank < 2 ? {} : { unitAxis }) });
  const { count = 0, inactive = 0 } = distribution.units ?? {};
  return { module: path, kind: module.constructor.name, distribution, dead: count === 0 || data.length === 0 ? 0 : inactive / count, saturated: data.length === 0 ? 0 : ends / data.length };
}
