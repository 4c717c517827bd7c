import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Embedding, Linear, Module, paddingMask, SinusoidalPositionalEncoding, Transformer, type KeyValueCache } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay, linearWarmup } from "@nn/optim";
import {
  all, arange, argMax, concat, equal, full, Generator, logicalOr, narrow, pad, randomIntegers, sort, unsqueeze, where, type Tensor,
} from "@nn/tensor";
import { expect, test } from "vitest";

/** Symbols: the digits 0 to 9, and these. */
const [start, end, padding] = [10, 11, 12];
const longest = 8;

interface Task {
  /** Digits and then padding, `[N, longest]`. */
  readonly source: Tensor;
  /** How many digits, `[N]`. */
  readonly lengths: Tensor;
  /** The same digits in order, the end, and then padding, `[N, longest + 1]`. */
  readonly target: Tensor;
}

function draw(count: number, generator: Generator): Task {
  const lengths = randomIntegers([count], { low: 3, high: longest + 1, generator });
  const source = where(paddingMask(lengths, longest), padding, randomIntegers([count, longest], { low: 0, high: 10, generator }));
  const inOrder = pad(sort(source, { axis: 1 }).values, [[0, 0], [0, 1]], { value: padding });
  return { source, lengths, target: where(equal(arange(longest + 1), unsqueeze(lengths, 1)), end, inOrder) };
}

const column = (count = 0): Tensor => full([count, 1], start, { dtype: "int32" });

/** An encoder reads the digits, a decoder writes them. */
class Sorter extends Module {
  readonly embedding: Embedding;
  readonly positions = new SinusoidalPositionalEncoding(32, { batchFirst: true, maxLength: longest + 1 });
  readonly transformer: Transformer;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    this.embedding = new Embedding(13, 32, { paddingIndex: padding, generator });
    this.transformer = new Transformer(32, 4, { encoderLayers: 1, decoderLayers: 1, feedForward: 64, dropout: 0, batchFirst: true, generator });
    this.head = new Linear(32, 12, { generator });
  }

  /** Logits of each symbol of the target, given the ones before it (teacher forcing). */
  override forward({ source, lengths, target }: Task): Tensor {
    const written = concat([column(target.shape[0]), narrow(target, 1, 0, longest)], 1);
    const unread = paddingMask(lengths, longest);
    const features = this.transformer.forward(this.#embed(source), this.#embed(written), {
      sourceKeyPaddingMask: unread, memoryKeyPaddingMask: unread, targetKeyPaddingMask: equal(written, padding), causal: true,
    });
    return this.head.forward(features);
  }

  /** What the encoder makes of the source, once for all steps of the decoder. */
  encode({ source, lengths }: Task): Tensor {
    return this.transformer.encoder.forward(this.#embed(source), { keyPaddingMask: paddingMask(lengths, longest) });
  }

  /** The likeliest next symbols after these, `[N, 1]`, and those that the caches hold. */
  next(symbols: Tensor, memory: Tensor, lengths: Tensor, caches: readonly KeyValueCache[]): Tensor {
    const embedded = this.#embed(symbols, caches[0]?.position.value);
    return argMax(this.head.forward(this.transformer.decoder.forward(embedded, memory, { memoryKeyPaddingMask: paddingMask(lengths, longest), caches })), 2);
  }

  #embed(symbols: Tensor, position?: Tensor): Tensor {
    return this.positions.forward(this.embedding.forward(symbols), { position });
  }
}

function begin(steps: number) {
  const model = new Sorter(new Generator(1));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: linearWarmup(cosineDecay(5e-3, { steps }), { steps: 20 }) });
  const step = (task: Task): Tensor => {
    const { value, gradients } = valueAndGrad(() => {
      return crossEntropy(model.forward(task).reshape([-1, 12]), task.target.reshape([-1]), { ignoreIndex: padding });
    }, parameters);
    optimizer.step(gradients);
    return value;
  };
  return { model, step };
}

function solve(model: Sorter, task: Task): Tensor {
  const count = task.lengths.shape[0] ?? 0;
  const memory = compile((given: Task) => model.encode(given))(task);
  const caches = model.transformer.decoder.createCaches({ batch: count, maxLength: longest + 1 });
  const next = compile((symbols: Tensor, ...given: readonly [memory: Tensor, lengths: Tensor]) => model.next(symbols, ...given, caches));
  const written = [column(count)];
  for (let at = 0; at <= longest; at++) written.push(next(written.at(-1) ?? column(count), memory, task.lengths));
  return concat(written.slice(1), 1);
}

test("an encoder and a decoder learn to sort digits", () => {
  const [steps, random] = [400, new Generator(2)];
  const { step: eagerly } = begin(steps);
  const { model, step } = begin(steps);
  const compiled = compile(step);
  for (const task of [draw(64, random), draw(64, random)]) expect(compiled(task).item()).toBeCloseTo(eagerly(task).item(), 4);
  for (let turn = 0; turn < steps; turn++) compiled(draw(64, random));

  model.eval();
  const held = draw(500, random);
  const isRight = all(logicalOr(equal(solve(model, held), held.target), equal(held.target, padding)), 1);
  expect(isRight.cast("float32").mean().item()).toBeGreaterThan(0.98);
});
