import { valueAndGrad } from "@nn/autograd";
import { onForward, Sigmoid, Tanh, type Module } from "@nn/layers";
import { isTensor, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, isFloat, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireScalar } from "../averages.js";
import { requirePair, type Pair } from "../batches.js";
import { requireModel, type Model } from "../evaluation-mode.js";
import { undone } from "../undone.js";
import { distributionOf } from "./distribution.js";
import { findingsOf } from "./findings.js";
import type { ActivationStatistics, ParameterStatistics } from "./layer-statistics.js";

/** What {@link inspectModel} gives. */
export interface ModelInspection {
  readonly loss: number;
  /** The modules without modules of their own, in the order in which they ran. */
  readonly activations: readonly ActivationStatistics[];
  /** The parameters that are trained, in the order of the model. */
  readonly parameters: readonly ParameterStatistics[];
  /** What is remarkable, in words, such as "1 (ReLU): 61 % of the units are dead, 0 for every example"; empty if nothing is. */
  readonly findings: readonly string[];
}

/** Options of {@link inspectModel}. */
export interface InspectModelOptions {
  /** The weights before the latest step, `model.stateDict()`, to which updates are compared. */
  readonly before?: Readonly<Record<string, Tensor>> | undefined;
  /** The number of ranges of histograms. Default 30. */
  readonly bins?: number | undefined;
}

const inspectModelOptions: OptionKinds<InspectModelOptions> = { before: "any", bins: "count" };

/**
 * Runs a model and its gradients on one batch, in its present mode, and reports the distributions of activations, weights and gradients, the fractions of dead
 * and saturated units, and the ratios of updates to weights; what is remarkable, it says in words. It reads every number: call it now and then.
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
 * findings[0]; // => "1 (ReLU): 50 % of the units are dead, 0 for every example"
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
  if (names.length === 0) throw new UsageError("inspectModel: the model has no parameters that are trained");
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
    const [weights, slopes] = [distributionOf(weight, bins), distributionOf(gradient ?? weight.mul(0), bins)];
    return { name, isMatrix: weight.rank >= 2, weight: weights, gradient: slopes, updateRatio: isTensor(old) ? distributionOf(weight.sub(old), 1).norm / weights.norm : undefined };
  });
  return { loss: value.item(), activations, parameters, findings: findingsOf(activations, parameters) };
}

function activationOf(module: Module, path: string, output: Tensor, bins: number): ActivationStatistics {
  const [low, high] = module instanceof Tanh ? [-1, 1] : module instanceof Sigmoid ? [0, 1] : [-Infinity, Infinity];
  const margin = (high - low) / 100;
  const data = output.toTypedArray();
  const ends = Number.isFinite(margin) ? Array.from(data, Number).filter((each) => each < low + margin || each > high - margin).length : 0;
  return {
    module: path, kind: module.constructor.name, distribution: distributionOf(output, bins), dead: deadUnits(output), saturated: data.length === 0 ? 0 : ends / data.length,
  };
}

/** The fraction of units that are 0 for every example; 0 where there are no units. */
function deadUnits(output: Tensor): number {
  const axis = output.rank === 4 ? 1 : output.rank - 1;
  const units = output.shape[axis] ?? 0;
  if (output.rank < 2 || output.size === 0) return 0;
  const inner = output.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const alive = new Set<number>();
  const data = output.toTypedArray();
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) alive.add(Math.floor(at / inner) % units);
  return 1 - alive.size / units;
}
