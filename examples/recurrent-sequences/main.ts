import { GRU, Linear, LSTM, Module, RNN } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam } from "@nn/optim";
import { arange, Generator, greaterEqual, mul, oneHot, randomIntegers, select, sort, stack, sum, topK, uniform, unsqueeze, where, type Tensor } from "@nn/tensor";
import { fit, type Pair } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { drawnBatches } from "../support/drawn-batches.js";
import { savePicture } from "../support/output.js";

const [longest, hidden] = [24, 32];

/** The mean squared error of always answering with the mean of all sums. */
export const errorOfMean = 1 / 6;

/** A padded batch of sequences. */
export interface Sequences {
  /** Numbers and marks, `[N, longest, 2]`. Values after the end of a sequence are arbitrary. */
  readonly x: Tensor;
  /** `[N]`, 10 to `longest`. */
  readonly lengths: Tensor;
}

/** The adding problem (Hochreiter and Schmidhuber 1997): add the two marked numbers. */
export function draw(count: number, generator: Generator): Pair<Sequences, Tensor> {
  const lengths = randomIntegers([count], { low: 10, high: longest + 1, generator });
  const ended = greaterEqual(arange(longest), unsqueeze(lengths, 1));
  const priorities = where(ended, -1, uniform([count, longest], { generator }));
  const positions = sort(topK(priorities, 2, { axis: 1 }).indices, { axis: 1 }).values;
  const marks = sum(oneHot(positions, longest), 1);
  const numbers = uniform([count, longest], { generator });
  return [{ x: stack([where(ended, 1000, numbers), marks], 2), lengths }, sum(mul(numbers, marks), 1)];
}

/** The three kinds of recurrent layers. */
export const layers = {
  RNN: (generator: Generator) => new RNN(2, hidden, { batchFirst: true, generator }),
  GRU: (generator: Generator) => new GRU(2, hidden, { batchFirst: true, generator }),
  LSTM: (generator: Generator) => new LSTM(2, hidden, { batchFirst: true, generator }),
};

/** Reads a sequence and answers with a number: many to one. */
class Adder extends Module {
  readonly encoder: RNN | GRU | LSTM;
  readonly head: Linear;

  constructor(encoder: RNN | GRU | LSTM, generator: Generator) {
    super();
    this.encoder = encoder;
    this.head = new Linear(hidden, 1, { generator });
  }

  override forward({ x, lengths }: Sequences): Tensor {
    const { hidden: last } = this.encoder.forward(x, { lengths });
    return this.head.forward(select(last, 0, -1)).reshape([-1]);
  }
}

/** The error on unseen sequences after a number of steps. */
export interface Score {
  readonly step: number;
  readonly error: number;
}

/** Trains a model, and measures it after every tenth step. */
export async function train(layer: keyof typeof layers, { steps = 400, count = 64, compile = true } = {}): Promise<Score[]> {
  const generator = new Generator(1);
  const model = new Adder(layers[layer](generator), generator);
  const random = new Generator(2);
  const { history } = await fit({
    model,
    loss: mse,
    optimizer: new Adam(model.parameters(), { learningRate: 1e-2 }),
    // Gradients through many steps may explode, so their norm is clipped.
    clipNorm: 1,
    batches: drawnBatches(10, () => draw(count, random)),
    validation: [draw(500, new Generator(3))],
    epochs: steps / 10,
    compile,
    plugins: [progressBar()],
  });
  return history.map(({ step, values }) => ({ step, error: values.validation.loss }));
}

export async function main(): Promise<void> {
  console.log("Recurrent networks learn to add the two marked ones of up to 24 numbers.");
  const results: { readonly name: string; readonly scores: readonly Score[] }[] = [];
  for (const name of ["RNN", "GRU", "LSTM"] as const) results.push({ name, scores: await train(name) });
  console.log(`\nmean squared error on unseen sequences (always to answer with the mean: ${errorOfMean.toFixed(3)})`);
  for (const { name, scores } of results) console.log(`  ${name.padEnd(4)}  ${scores.at(-1)?.error.toFixed(4)}`);
  savePicture("recurrent-sequences.svg", chart(
    results.map(({ name, scores }) => ({ name, points: scores.map(({ step, error }) => [step, error] as const) })),
    { title: "Long-term dependencies", xLabel: "step of training", yLabel: "mean squared error", logarithmic: true },
  ));
}
