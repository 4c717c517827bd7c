import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import {
  Embedding, GRU, LearnedPositionalEncoding, Linear, LSTM, Module, paddingMask, RNN, RotaryPositionalEncoding, SequenceClassifier, TransformerDecoder,
  TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer, type KeyValueCache, type Lengths,
} from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { concat, Generator, normal, randomIntegers, select, slice, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it, test } from "vitest";

const generator = new Generator(1);

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  const wanted = b.toTypedArray();
  a.toTypedArray().forEach((each, at) => expect(each).toBeCloseTo(wanted[at] as number, 4));
}

class Recurrently extends Module {
  readonly encoder: RNN | LSTM | GRU;
  readonly head = new SequenceClassifier(8, 3, { batchFirst: true, generator });

  constructor(encoder: RNN | LSTM | GRU) {
    super();
    this.encoder = encoder;
  }

  forward(x: Tensor, lengths: Lengths): Tensor {
    return this.head.forward(this.encoder.forward(x, { lengths }).output, { lengths });
  }
}

class Attentively extends Module {
  readonly embedding = new Embedding(11, 8, { generator });
  readonly positions = new LearnedPositionalEncoding(6, 8, { batchFirst: true, generator });
  readonly encoder = new TransformerEncoderLayer(8, 2, { feedForward: 16, dropout: 0, batchFirst: true, generator });
  readonly head = new SequenceClassifier(8, 3, { batchFirst: true, pooling: "mean", generator });

  forward(x: Tensor, lengths: Tensor): Tensor {
    const [, steps = 0] = x.shape;
    const encoded = this.encoder.forward(this.positions.forward(this.embedding.forward(x)), { keyPaddingMask: paddingMask(lengths, steps) });
    return this.head.forward(encoded, { lengths });
  }
}

describe("trained as one program, a model memorises sequences of different lengths", () => {
  const options = { batchFirst: true, generator } as const;
  const models: Readonly<Record<string, () => Module & { forward(x: Tensor, lengths: Tensor): Tensor }>> = {
    RNN: () => new Recurrently(new RNN(4, 8, options)),
    GRU: () => new Recurrently(new GRU(4, 4, { ...options, bidirectional: true })),
    LSTM: () => new Recurrently(new LSTM(4, 16, { ...options, projectionSize: 8 })),
    Transformer: () => new Attentively(),
  };
  it.each(Object.keys(models))("%s", (name) => {
    const model = (models[name] as (typeof models)[string])();
    const parameters = model.parameters();
    const optimizer = new Adam(parameters, { learningRate: 0.03 });
    const x = name === "Transformer" ? randomIntegers([6, 5], { high: 11, generator }) : normal([6, 5, 4], { generator });
    const y = tensor([0, 1, 2, 2, 1, 0], { dtype: "int32" });
    const loss = (input: Tensor, lengths: Tensor): Tensor => crossEntropy(model.forward(input, lengths), y);
    const step = compile((input: Tensor, lengths: Tensor) => {
      const { value, gradients } = valueAndGrad(() => loss(input, lengths), parameters);
      optimizer.step(gradients);
      return value;
    });
    const lengths = tensor([5, 3, 4, 2, 5, 1], { dtype: "int32" });
    const first = loss(x, lengths).item();
    expect(step(x, lengths).item()).toBeCloseTo(first, 4);
    for (let turn = 0; turn < 120; turn++) step(x, lengths);
    expect(loss(x, lengths).item()).toBeLessThan(0.1);
  });
});

test("compiled gradients of a recurrence equal the eager ones, and lengths are not constants of the program", () => {
  const lstm = new LSTM(3, 4, { layers: 2, bidirectional: true, generator });
  const parameters = lstm.parameters();
  const run = (x: Tensor, lengths: Tensor): readonly Tensor[] =>
    valueAndGrad(() => sum(lstm.forward(x, { lengths }).output.square()), parameters).gradients;
  const compiled = compile(run);
  const x = normal([4, 2, 3], { generator });
  for (const values of [[4, 2], [1, 3]]) {
    const lengths = tensor(values, { dtype: "int32" });
    const wanted = run(x, lengths);
    compiled(x, lengths).forEach((gradient, at) => expectClose(gradient, wanted[at] as Tensor));
  }
});

describe("generating step by step in one program", () => {
  const options = { feedForward: 16, dropout: 0, batchFirst: true, generator } as const;
  const prompt = randomIntegers([2, 3], { high: 7, generator });

  it("gives the tokens of the full forward pass, with one program for all positions", () => {
    const embedding = new Embedding(7, 8, { generator });
    const layers = [1, 2].map(() => new TransformerEncoderLayer(8, 2, { ...options, rotary: new RotaryPositionalEncoding(4) }));
    const encoder = new TransformerEncoder(layers);
    const head = new Linear(8, 7, { generator });
    const next = (hidden: Tensor): Tensor => head.forward(select(hidden, 1, -1)).argMax(-1).reshape([-1, 1]);
    const caches = encoder.createCaches({ batch: 2, maxLength: 8 });
    let traced = 0;
    const generate = compile((tokens: Tensor) => {
      traced++;
      return next(encoder.forward(embedding.forward(tokens), { caches }));
    });
    const sequence = [prompt];
    let tokens = prompt;
    for (let turn = 0; turn < 5; turn++) {
      tokens = generate(tokens);
      const wanted = next(encoder.forward(embedding.forward(concat(sequence, 1)), { causal: true }));
      expect(tokens.toArray()).toEqual(wanted.toArray());
      sequence.push(tokens);
    }
    expect(traced).toBe(2);
    generate(tokens);
    expect(() => generate(tokens)).toThrow(/KeyValueCache: no room for 1 more steps among 8/);
    caches.forEach((cache) => cache.reset());
    expect(generate(prompt).toArray()).toEqual((sequence[1] as Tensor).toArray());
  });

  it("does so in a decoder that attends to a memory", () => {
    const decoder = new TransformerDecoder([new TransformerDecoderLayer(8, 2, { ...options, normFirst: true })]);
    const memory = normal([1, 3, 8], { generator });
    const target = normal([1, 4, 8], { generator });
    const caches: readonly KeyValueCache[] = decoder.createCaches({ batch: 1, maxLength: 4 });
    const step = compile((x: Tensor) => decoder.forward(x, memory, { caches }));
    const whole = decoder.forward(target, memory, { causal: true });
    for (let at = 0; at < 4; at++) {
      const range = [{}, { start: at, stop: at + 1 }];
      expectClose(step(slice(target, range)), slice(whole, range));
    }
    expect(step.explain()).toContain("updated in place");
  });
});

test("a position of a cache is not read before it is written", () => {
  const layer = new TransformerEncoderLayer(8, 2, { feedForward: 4, dropout: 0, generator });
  const cache = layer.createCache({ batch: 1, maxLength: 5 });
  const step = compile((x: Tensor) => layer.forward(x, { cache }));
  expectClose(step(zeros([1, 1, 8])), layer.forward(zeros([1, 1, 8])));
});
