import { valueAndGrad } from "@nn/autograd";
import { crossEntropy } from "@nn/losses";
import { clipByGlobalNorm } from "@nn/optim";
import { argMax, equal, sum, type Tensor } from "@nn/tensor";
import type { Network } from "../model/architecture.js";
import type { ResolvedSettings } from "../settings/merge.js";
import type { AnyOptimizer } from "./optimizer.js";

/** One step of training on a batch: gives the mean loss and how many examples were recognised, both before the update. */
export type TrainingStep = (x: Tensor, y: Tensor) => readonly [loss: Tensor, recognised: Tensor];

/** From features `[count, features]` to logits `[count, classes]`, as in evaluation. */
export type Predictor = (x: Tensor) => Tensor;

/**
 * Everything of a training step in one function of tensors: forward, backward, clipping, the optimizer's update.
 *
 * This and {@link createPredictor} are the functions to compile: nothing else of the application computes with tensors while it
 * trains or evaluates.
 */
export function createTrainingStep(
  network: Network, optimizer: AnyOptimizer, { labelSmoothing, clipNorm }: Pick<ResolvedSettings, "labelSmoothing" | "clipNorm">,
): TrainingStep {
  const parameters = network.parameters();
  const step: TrainingStep = (x, y) => {
    let logits = x;
    const { value: loss, gradients } = valueAndGrad(() => {
      logits = network.forward(x);
      return crossEntropy(logits, y, { labelSmoothing });
    }, parameters);
    optimizer.step(clipNorm === null ? gradients : clipByGlobalNorm(gradients, clipNorm).gradients);
    return [loss, sum(equal(argMax(logits, 1), y))];
  };
  return step;
}

/** The network as it predicts. Call `network.eval()` before. */
export function createPredictor(network: Network): Predictor {
  return (x) => network.forward(x);
}
