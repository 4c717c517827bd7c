import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { GRU, Linear, LSTM, Module, RNN } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam, clipByGlobalNorm } from "@nn/optim";
import { arange, Generator, greaterEqual, mul, oneHot, randomIntegers, select, sort, stack, sum, topK, uniform, unsqueeze, where, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";

const [longest, hidden] = [24, 32];

/** The mean squared error of always answering with the mean of all sums. */
export const errorOfMean = 1 / 6;

/** A padded batch of sequences. */
export interface Batch {
  /** Numbers and marks, `[N, longest, 2]`. Values after the end of a sequence are arbitrary. */
  readonly x: Tensor;
  /** `[N]`, 10 to `longest`. */
  readonly lengths: Tensor;
  /** `[N]`. */
  readonly y: Tensor;
}

/** The adding problem (Hochreiter and Schmidhuber 1997): add the two marked numbers. */
export function draw(count: number, generator: Generator): Batch {
  const lengths = randomIntegers([count], { low: 10, high: longest + 1, generator });
  const ended = greaterEqual(arange(longest), unsqueeze(lengths, 1));
  const priorities = where(ended, -1, uniform([count, longest], { generator }));
  const positions = sort(topK(priorities, 2, { axis: 1 }).indices, { axis: 1 }).values;
  const marks = sum(oneHot(positions, longest), 1);
  const numbers = uniform([count, longest], { generator });
  return { x: stack([where(ended, 1000, numbers), marks], 2), lengths, y: sum(mul(numbers, marks), 1) };
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

  override forward({ x, lengths }: Batch): Tensor {
    const { hidden: last } = this.encoder.forward(x, { lengths });
    return this.head.forward(select(last, 0, -1)).reshape([-1]);
  }
}

/** Creates a model and its step, which returns the loss. */
export function createAdder(layer: keyof typeof layers) {
  const generator = new Generator(1);
  const model = new Adder(layers[layer](generator), generator);
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 1e-2 });
  const step = (batch: Batch): Tensor => {
    const { value, gradients } = valueAndGrad(() => mse(model.forward(batch), batch.y), parameters);
    // Gradients through many steps may explode, so their norm is clipped.
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
  return { model, step };
}

/** The error on unseen sequences after a number of steps. */
export interface Score {
  readonly step: number;
  readonly error: number;
}

/** Trains a model and measures it after every tenth step. */
export function train(layer: keyof typeof layers, { steps = 400, onScore = () => undefined }: { readonly steps?: number; readonly onScore?: (score: Score) => void } = {}): Score[] {
  const random = new Generator(2);
  const unseen = draw(500, new Generator(3));
  const { model, step } = createAdder(layer);
  const compiled = compile(step);
  const errorOf = compile((batch: Batch) => mse(model.forward(batch), batch.y));
  const scores: Score[] = [];
  for (let turn = 1; turn <= steps; turn++) {
    compiled(draw(64, random));
    if (turn % 10 !== 0) continue;
    const score = { step: turn, error: errorOf(unseen).item() };
    scores.push(score);
    onScore(score);
  }
  return scores;
}

export function main(): void {
  const [names, steps] = [["RNN", "GRU", "LSTM"] as const, 400];
  console.log("Recurrent networks learn to add the two marked ones of up to 24 numbers.");
  const progress = new Progress("steps of 10", (names.length * steps) / 10);
  const results = names.map((name) => ({ name, scores: train(name, { steps, onScore: ({ error }) => progress.advance(`${name}: error ${error.toFixed(4)}`) }) }));
  progress.end();
  console.log(`\nmean squared error on unseen sequences (always to answer with the mean: ${errorOfMean.toFixed(3)})`);
  for (const { name, scores } of results) console.log(`  ${name.padEnd(4)}  ${scores.at(-1)?.error.toFixed(4)}`);
  savePicture("recurrent-sequences.svg", chart(
    results.map(({ name, scores }) => ({ name, points: scores.map(({ step, error }) => [step, error] as const) })),
    { title: "Long-term dependencies", xLabel: "step of training", yLabel: "mean squared error", logarithmic: true },
  ));
}
