import type { Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requirePair, type Pair } from "../batches.js";
import { requireModel, type Model } from "../evaluation-mode.js";
import type { Position } from "../fit/events.js";
import type { Plugin } from "../fit/plugin.js";
import { requireOptionsObject } from "../options-object.js";
import { inspectModel, type ModelInspection } from "../inspection/inspect-model.js";

/** Options of {@link statistics}. */
export interface StatisticsOptions<Input, Target, Output> {
  /** The model of the run. */
  readonly model: Model<Input, Output>;
  /** The loss of the run. */
  readonly loss: (output: Output, target: Target) => Tensor;
  /** The batch on which the model is inspected, always the same one. */
  readonly batch: Pair<Input, Target>;
  /** The number of steps between inspections. Default 100. */
  readonly every?: number | undefined;
  /** The number of bins of histograms. Default 30. */
  readonly bins?: number | undefined;
  /** Called with every inspection. */
  readonly onInspection: (inspection: ModelInspection, position: Position) => void;
}

const statisticsOptions: OptionKinds<StatisticsOptions<unknown, unknown, unknown>> = {
  model: "any", loss: "function", batch: "any", every: "count", bins: "count", onInspection: "function",
};

/**
 * Inspects the model after every `every` steps with {@link inspectModel}: activations, gradients, weights, updates, and findings in words. It does not change
 * the run.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { Linear } from "@nn/layers";
 * import { mse } from "@nn/losses";
 * import { SGD } from "@nn/optim";
 * import { fit, statistics } from "@nn/train";
 * const model = new Linear(1, 1);
 * const batch = [tensor([[1], [2]]), tensor([[100], [200]])] as const;
 * const found: string[] = [];
 * const plugin = statistics({ model, loss: mse, batch, every: 1, onInspection: ({ findings }) => void found.push(...findings.map(({ text }) => text)) });
 * await fit({ model, loss: mse, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches: [batch], epochs: 1, plugins: [plugin] });
 * found[0]?.slice(0, 27); // => "one step changes the weight"
 * ```
 * @throws ArgumentError for options that are missing or of a wrong kind.
 */
export function statistics<Input, Target, Output>(options: StatisticsOptions<Input, Target, Output>): Plugin {
  requireOptionsObject("statistics", options, "{ model, loss, batch, onInspection }");
  requireOptions("statistics", options, statisticsOptions);
  const { model, loss, batch, every = 100, bins, onInspection } = options;
  requireKind("statistics", "loss", loss, "function");
  requireKind("statistics", "onInspection", onInspection, "function");
  requireModel("statistics", model);
  requirePair("statistics", batch);
  let before: Readonly<Record<string, Tensor>> | undefined;
  return {
    name: "statistics",
    on: (event) => {
      if (event.type !== "step" && event.type !== "start") return;
      if (event.type === "step" && event.step % every === 0) {
        const { epoch, step, stepInEpoch } = event;
        onInspection(inspectModel(model, loss, batch, { before, bins }), { epoch, step, stepInEpoch });
      }
      before = (event.step + 1) % every === 0 ? model.stateDict() : undefined;
    },
  };
}
