import type { ModelParameters } from "../competitor/load.js";
import { product, stepFlops } from "./networks.js";
import type { Case, TimedWorkload } from "./workload.js";

function convolutionalFlops({ batch }: ModelParameters): number {
  const first = product(batch * 28 * 28, 9, 8);
  return stepFlops(first + product(batch * 14 * 14, 9 * 8, 16) + product(batch, 7 * 7 * 16, 10), first);
}

function recurrentFlops({ batch }: ModelParameters): number {
  const ofInput = product(batch * 28, 28, 4 * 64);
  return stepFlops(ofInput + product(batch * 28, 64, 4 * 64) + product(batch, 64, 10), ofInput);
}

function transformerFlops({ batch }: ModelParameters): number {
  const [steps, features] = [32, 64];
  const tokens = batch * steps;
  const attention = product(tokens, features, 4 * features) + 2 * product(tokens, features, steps);
  return stepFlops(attention + 2 * product(tokens, features, 128) + product(batch, features, 10));
}

function caseOf(name: string, parameters: ModelParameters, flops: (parameters: ModelParameters) => number): Case {
  return { name, parameters, cost: { kind: "arithmetic", flops: flops(parameters) }, competitors: ["roofline", "nn", "nn-2", "nn-eager", "nn-node26", "nn-merged", "nn-native", "nn-native-2", "torch", "torch-avx2", "torch-2"] };
}

export const modelStep: TimedWorkload = {
  kind: "timed",
  name: "model-step",
  title: "One Adam step of other networks",
  note:
    "CNN: images 28x28x1, batch 32; convolution 3x3 to 8 channels, ReLU, max pooling 2, convolution 3x3 to 16, ReLU, max pooling 2, dense to 10. " +
    "LSTM: 28 steps of 28, batch 32; 64 units, the last step dense to 10. Transformer: 32 steps, batch 16; embedding of 100 words in 64 features, an encoder " +
    "layer with 4 heads and 128 hidden features, mean over the steps, dense to 10. The roofline counts the products only.",
  cases: [
    caseOf("CNN", { model: "convolutional", batch: 32 }, convolutionalFlops),
    caseOf("LSTM", { model: "recurrent", batch: 32 }, recurrentFlops),
    caseOf("Transformer", { model: "transformer", batch: 16 }, transformerFlops),
    caseOf("Transformer, dropout 0.1", { model: "transformer", batch: 16, dropout: 0.1 }, transformerFlops),
  ],
};
