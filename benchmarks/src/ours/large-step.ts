import { BertForSequenceClassification, GPT2LMHeadModel, resnet18 } from "@nn/models";
import { tensor, type Tensor } from "@nn/tensor";
import type { LargeModelParameters, Load, Setting } from "../competitor/load.js";
import { initialize } from "./initial.js";
import { trainingStep, type Network } from "./mlp.js";
import { floats } from "./prepare.js";

const steps = 128;

interface Task {
  readonly network: Network;
  readonly x: Tensor;
  readonly y: Tensor;
}

function taskOf({ model, batch }: LargeModelParameters, setting: Setting): Task {
  const { values } = setting;
  const whole = (shape: readonly number[], below: number, seed: number): Tensor => tensor(values.labels(shape.reduce((a, b) => a * b, 1), below, seed), { shape, dtype: "int32" });
  switch (model) {
    case "resnet18":
      return { network: initialize(resnet18(), setting), x: floats(values.uniform(batch * 3 * 64 * 64, 1), [batch, 3, 64, 64]), y: whole([batch], 1000, 2) };
    case "gpt2": {
      const vocabSize = 65;
      const gpt2 = initialize(new GPT2LMHeadModel({ vocabSize, nPositions: steps, nEmbd: 384, nLayer: 6, nHead: 6, embdPdrop: 0, attnPdrop: 0, residPdrop: 0 }), setting);
      const network = { parameters: () => gpt2.parameters(), forward: (ids: Tensor) => gpt2.forward(ids).transpose(1, 2) };
      return { network, x: whole([batch, steps], vocabSize, 1), y: whole([batch, steps], vocabSize, 2) };
    }
    case "bert": {
      const sizes = { hiddenSize: 256, numHiddenLayers: 4, numAttentionHeads: 4, intermediateSize: 1024 };
      const network = initialize(new BertForSequenceClassification({ ...sizes, hiddenDropoutProb: 0, attentionProbsDropoutProb: 0 }), setting);
      return { network, x: whole([batch, steps], 30_522, 1), y: whole([batch], 2, 2) };
    }
  }
}

export const load: Load<LargeModelParameters> = (parameters, setting) => {
  const { network, x, y } = taskOf(parameters, setting);
  const step = trainingStep(network, setting);
  return { run: () => step(x, y), check: () => [step(x, y).item(), step(x, y).item()] };
};
