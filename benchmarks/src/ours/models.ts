import { Conv2d, Embedding, Flatten, Linear, LSTM, MaxPool2d, Module, ReLU, Sequential, TransformerEncoderLayer, type TensorModule } from "@nn/layers";
import { mean, select, type Tensor } from "@nn/tensor";
import type { ModelParameters, Setting } from "../competitor/load.js";
import { floats } from "./prepare.js";

/** Reads an image row by row. */
class RecurrentNetwork extends Module {
  readonly lstm = new LSTM(28, 64, { batchFirst: true });
  readonly output = new Linear(64, 10);

  override forward(x: Tensor): Tensor {
    return this.output.forward(select(this.lstm.forward(x).output, 1, -1));
  }
}

/** Reads words. */
class TransformerNetwork extends Module {
  readonly embedding = new Embedding(100, 64);
  readonly encoder: TransformerEncoderLayer;
  readonly output = new Linear(64, 10);

  constructor(dropout: number) {
    super();
    this.encoder = new TransformerEncoderLayer(64, 4, { feedForward: 128, batchFirst: true, dropout });
  }

  override forward(words: Tensor): Tensor {
    return this.output.forward(mean(this.encoder.forward(this.embedding.forward(words)), 1));
  }
}

function construct({ model, dropout = 0 }: ModelParameters): TensorModule {
  switch (model) {
    case "convolutional":
      return new Sequential(
        new Conv2d(1, 8, 3, { padding: 1 }), new ReLU(), new MaxPool2d(2), new Conv2d(8, 16, 3, { padding: 1 }), new ReLU(), new MaxPool2d(2),
        new Flatten(), new Linear(784, 10),
      );
    case "recurrent":
      return new RecurrentNetwork();
    case "transformer":
      return new TransformerNetwork(dropout);
  }
}

/** The network with the initial parameters that all competitors use. They are filled in the order of their names; norms keep their own. */
export function modelOf(parameters: ModelParameters, { values }: Setting): TensorModule {
  const model = construct(parameters);
  const names = [...model.namedParameters()].filter(([name]) => !name.includes("norm")).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [at, [, parameter]] of names.entries()) {
    const { shape, size } = parameter.value;
    const bound = 1 / Math.sqrt(shape.length > 1 ? size / (shape[0] ?? 1) : size);
    parameter.value = floats(values.uniform(size, 10 + at, bound), shape);
  }
  return model;
}
