import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Embedding, GRU, Linear, LSTM, Module, SequenceClassifier } from "@nn/layers";
import { crossEntropy, mse } from "@nn/losses";
import { Adam, clipByGlobalNorm } from "@nn/optim";
import {
  arange, argMax, concat, equal, Generator, greaterEqual, mul, narrow, oneHot, randomIntegers, scatter, select, sort, stack, sum, topK, uniform, unsqueeze, where,
  type Tensor,
} from "@nn/tensor";
import { expect, test } from "vitest";

/** A padded batch of sequences of 10 to 24 steps. */
interface Batch {
  /** `[N, steps, …]`. */
  readonly x: Tensor;
  /** `[N]`. */
  readonly lengths: Tensor;
  /** `[N]`. */
  readonly y: Tensor;
}

const steps = 24;

/** Lengths, and two different places within each, in order: `[N]` and `[N, 2]`. */
function drawPlaces(count: number, generator: Generator) {
  const lengths = randomIntegers([count], { low: 10, high: steps + 1, generator });
  const priorities = where(greaterEqual(arange(steps), unsqueeze(lengths, 1)), -1, uniform([count, steps], { generator }));
  return { lengths, places: sort(topK(priorities, 2, { axis: 1 }).indices, { axis: 1 }).values };
}

/** The adding problem (Hochreiter and Schmidhuber 1997): the sum of the two numbers that are marked. What follows the end is nonsense. */
function drawAdding(count: number, generator: Generator): Batch {
  const { lengths, places } = drawPlaces(count, generator);
  const marks = sum(oneHot(places, steps), 1);
  const numbers = uniform([count, steps], { generator });
  const y = sum(mul(numbers, marks), 1);
  return { x: stack([where(greaterEqual(arange(steps), unsqueeze(lengths, 1)), 1000, numbers), marks], 2), lengths, y };
}

/** The temporal order problem (of the same paper): which of two symbols, 0 and 1, come first and second, among four others. */
function drawOrder(count: number, generator: Generator): Batch {
  const { lengths, places } = drawPlaces(count, generator);
  const symbols = randomIntegers([count, 2], { low: 0, high: 2, generator });
  const x = scatter(randomIntegers([count, steps], { low: 2, high: 6, generator }), places, symbols, 1);
  return { x, lengths, y: select(symbols, 1, 0).mul(2).add(select(symbols, 1, 1)) };
}

class Adder extends Module {
  readonly encoder: GRU;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    this.encoder = new GRU(2, 32, { batchFirst: true, generator });
    this.head = new Linear(32, 1, { generator });
  }

  override forward({ x, lengths }: Batch): Tensor {
    const { hidden } = this.encoder.forward(x, { lengths });
    return this.head.forward(select(hidden, 0, -1)).reshape([-1]);
  }
}

class OrderClassifier extends Module {
  readonly embedding: Embedding;
  readonly encoder: LSTM;
  readonly head: SequenceClassifier;

  constructor(generator: Generator) {
    super();
    this.embedding = new Embedding(6, 8, { generator });
    this.encoder = new LSTM(8, 32, { bidirectional: true, projectionSize: 16, batchFirst: true, generator });
    this.head = new SequenceClassifier(2 * 16, 4, { pooling: "max", batchFirst: true, generator });
  }

  override forward({ x, lengths }: Batch): Tensor {
    return this.head.forward(this.encoder.forward(this.embedding.forward(x), { lengths }).output, { lengths });
  }
}

/** A step of training, with clipped gradients. */
function training(model: Module, loss: (batch: Batch) => Tensor) {
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 1e-2 });
  return (batch: Batch): Tensor => {
    const { value, gradients } = valueAndGrad(() => loss(batch), parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
}

test("a GRU learns to add the marked ones of many numbers", () => {
  const begin = () => {
    const model = new Adder(new Generator(1));
    return { model, step: training(model, (batch) => mse(model.forward(batch), batch.y)) };
  };
  const random = new Generator(2);
  const { step: eagerly } = begin();
  const { model, step } = begin();
  const compiled = compile(step);
  for (const batch of [drawAdding(64, random), drawAdding(64, random)]) expect(compiled(batch).item()).toBeCloseTo(eagerly(batch).item(), 4);
  for (let turn = 0; turn < 400; turn++) compiled(drawAdding(64, random));
  // The mean would be wrong by 1/6, squared.
  const held = drawAdding(500, random);
  expect(mse(model.forward(held), held.y).item()).toBeLessThan(0.005);
});

test("an LSTM of two directions with projections learns the order of events", () => {
  const begin = () => {
    const model = new OrderClassifier(new Generator(1));
    return { model, step: training(model, (batch) => crossEntropy(model.forward(batch), batch.y)) };
  };
  const random = new Generator(2);
  const { step: eagerly } = begin();
  const { model, step } = begin();
  const compiled = compile(step);
  for (const batch of [drawOrder(64, random), drawOrder(64, random)]) expect(compiled(batch).item()).toBeCloseTo(eagerly(batch).item(), 4);
  for (let turn = 0; turn < 100; turn++) compiled(drawOrder(64, random));
  const held = drawOrder(500, random);
  const right = equal(argMax(model.forward(held), 1), held.y);
  expect(right.cast("float32").mean().item()).toBeGreaterThan(0.98);
  // What follows the end of a sequence changes nothing.
  const longer = { ...held, x: concat([held.x, narrow(held.x, 1, 0, 5)], 1) };
  expect(model.forward(longer).sub(model.forward(held)).abs().max().item()).toBeLessThan(1e-5);
});
