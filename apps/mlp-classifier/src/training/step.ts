import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { crossEntropy } from "@nn/losses";
import { clipByGlobalNorm } from "@nn/optim";
import { argMax, equal, sum, type Tensor } from "@nn/tensor";
import type { Network } from "../model/architecture.js";
import type { ResolvedSettings } from "../settings/merge.js";
import type { AnyOptimizer } from "./optimizer.js";

/** One step of training on a batch: gives the mean loss and how many examples were correct, both before the update. */
export type TrainingStep = (x: Tensor, y: Tensor) => readonly [loss: Tensor, correct: Tensor];

/** From features `[count, features]` to logits `[count, classes]`, as in evaluation. */
export type Predictor = (x: Tensor) => Tensor;

/** How functions of tensors are executed. */
export type Execution = Pick<ResolvedSettings, "compile" | "threads">;

/** The function in the form in which it is called: compiled, or as it is. */
function executed<A extends readonly Tensor[], R>(fn: (...tensors: A) => R, { compile: compiled, threads }: Execution): (...tensors: A) => R {
  return compiled ? compile(fn, threads === null ? {} : { threads }) : fn;
}

/**
 * Everything of a training step in one function of tensors: forward, backward, clipping, the optimizer's update.
 *
 * This and {@link createPredictor} are what is compiled: nothing else of the application computes with tensors while it
 * trains or evaluates.
 */
export function createTrainingStep(
  network: Network, optimizer: AnyOptimizer, settings: Execution & Pick<ResolvedSettings, "labelSmoothing" | "clipNorm">,
): TrainingStep {
  const { labelSmoothing, clipNorm } = settings;
  const parameters = network.parameters();
  const step = (x: Tensor, y: Tensor): readonly [Tensor, Tensor] => {
    let logits = x;
    const { value: loss, gradients } = valueAndGrad(() => {
      logits = network.forward(x);
      return crossEntropy(logits, y, { labelSmoothing });
    }, parameters);
    optimizer.step(clipNorm === null ? gradients : clipByGlobalNorm(gradients, clipNorm).gradients);
    return [loss, sum(equal(argMax(logits, 1), y))];
  };
  return executed(step, settings);
}

/** The network as it predicts. Call `network.eval()` before. */
export function createPredictor(network: Network, execution: Execution): Predictor {
  return executed((x: Tensor) => network.forward(x), execution);
}
