import { compile } from "@nn/compiler";
import type { Tensor } from "@nn/tensor";
import type { ResolvedSettings } from "../settings/merge.js";
import { logitsOf, type Network } from "./architecture.js";

/** From features `[count, features]` to logits `[count, classes]`, as in evaluation. */
export type Predictor = (x: Tensor) => Tensor;

/** How functions of tensors are executed. */
export type Execution = Pick<ResolvedSettings, "compile" | "threads">;

/** The execution as the packages take it: options of `compile`, or `false` for eager execution. */
export function executionOf({ compile: compiled, threads }: Execution): false | { readonly threads?: number } {
  return compiled && (threads === null ? {} : { threads });
}

/** The network as it predicts. Call `network.eval()` before. */
export function createPredictor(network: Network, execution: Execution): Predictor {
  const predict = (x: Tensor): Tensor => logitsOf(network, x);
  const options = executionOf(execution);
  return options === false ? predict : compile(predict, options);
}
