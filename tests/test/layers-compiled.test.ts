import { arange, Generator, normal, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import {
  AdaptiveLogSoftmaxWithLoss, GRU, LearnedPositionalEncoding, LSTM, Module, MultiheadAttention, paddingMask, RNN, RotaryPositionalEncoding, SequenceClassifier,
  SinusoidalPositionalEncoding, TransformerEncoder, TransformerEncoderLayer,
} from "@nn/layers";
import { describe, expect, test } from "vitest";

const numbers = (x: Tensor): number[] => [...x.toTypedArray()] as number[];

function expectClose(found: Tensor, expected: Tensor): void {
  expect(found.shape).toEqual(expected.shape);
  const wanted = numbers(expected);
  numbers(found).forEach((each, at) => expect(each).toBeCloseTo(wanted[at] ?? NaN, 12));
}

test("a cluster of 0 features has the same loss and gradients compiled", () => {
  const layer = new AdaptiveLogSoftmaxWithLoss(5, 9, [2, 5, 7], { divValue: 2, dtype: "float64", generator: new Generator(4) });
  const target = arange(9, { dtype: "int32" });
  const step = (x: Tensor) => valueAndGrad(() => layer.forward(x, target).loss, layer.parameters(), { strict: false });
  const x = normal([9, 5], { dtype: "float64", generator: new Generator(5) });
  const [compiled, eager] = [compile(step)(x), step(x)];
  expectClose(compiled.value, eager.value);
  compiled.gradients.forEach((gradient, at) => expectClose(gradient, eager.gradients[at] as Tensor));
});

test("attention with added keys gives the same results compiled, also step by step", () => {
  const layer = new MultiheadAttention(6, 2, { biasKeyValue: true, zeroAttention: true, batchFirst: true, dtype: "float64", generator: new Generator(1) });
  const x = normal([2, 4, 6], { dtype: "float64", generator: new Generator(2) });
  const step = (input: Tensor) => valueAndGrad(() => layer.forward(input, input, input, { causal: true }).output.square().mean(), layer.parameters());
  const [compiled, eager] = [compile(step)(x), step(x)];
  expectClose(compiled.value, eager.value);
  compiled.gradients.forEach((gradient, at) => expectClose(gradient, eager.gradients[at] as Tensor));
  const [ofCompiled, ofEager] = [1, 2].map(() => layer.createCache({ batch: 2, maxLength: 4 }));
  const next = compile((input: Tensor) => layer.forward(input, input, input, { cache: ofCompiled }).output);
  for (let at = 0; at < 4; at++) {
    const now = x.slice([null, { start: at, stop: at + 1 }]);
    expectClose(next(now), layer.forward(now, now, now, { cache: ofEager }).output);
  }
});

const i32 = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

describe("lengths of sequences", () => {
  const x = normal([2, 4, 3], { dtype: "float64", generator: new Generator(3) });
  const options = { batchFirst: true, dtype: "float64", generator: new Generator(4) } as const;
  const classifiers = (["first", "last", "mean", "max"] as const).map((pooling) => new SequenceClassifier(3, 2, { ...options, pooling }));
  const [rnn, lstm, gru] = [new RNN(3, 2, options), new LSTM(3, 2, options), new GRU(3, 2, { ...options, bidirectional: true })];
  const users: readonly (readonly [string, string, (lengths: Tensor | readonly number[]) => Tensor])[] = [
    ["RNN", "RNN", (lengths) => rnn.forward(x, { lengths }).output],
    ["LSTM", "LSTM", (lengths) => lstm.forward(x, { lengths }).cell],
    ["GRU", "GRU", (lengths) => gru.forward(x, { lengths }).hidden],
    ["paddingMask", "paddingMask", (lengths) => paddingMask(lengths, 4)],
    ...classifiers.map((layer) => [`SequenceClassifier, ${layer.pooling}`, "SequenceClassifier", (lengths: Tensor | readonly number[]) => layer.forward(x, { lengths })] as const),
  ];

  test.each(users)("%s: a tensor gives the same results as a list, compiled too", (_, __, use) => {
    const compiled = compile((lengths: Tensor) => use(lengths));
    for (const lengths of [[4, 4], [1, 3], [2, 1]]) {
      const expected = use(lengths);
      expect(use(i32(...lengths)).toArray()).toEqual(expected.toArray());
      expectClose(compiled(i32(...lengths)), expected);
    }
  });

  test.each(users)("%s: lengths of 0, beyond the end and negative are refused, as a list, as a tensor, and compiled", (_, operation, use) => {
    const compiled = compile((lengths: Tensor) => use(lengths));
    for (const wrong of [0, 5, -1, -2147483648, 2147483647]) {
      expect(() => use([2, wrong])).toThrow(`${operation}: a length is ${wrong}, expected whole numbers from 1 to 4, the number of steps`);
      for (const call of [() => use(i32(2, wrong)), () => compiled(i32(2, wrong))]) {
        expect(call).toThrow(expect.objectContaining({ name: "ArgumentError", message: `${operation}: a length is not from 1 to 4, the number of steps` }));
      }
    }
    // A failed call does not change the compiled function.
    expectClose(compiled(i32(2, 4)), use([2, 4]));
    expect(() => use(tensor([2, 4]))).toThrow(`${operation}: lengths have dtype float32, expected int32`);
    expect(() => use(["2", 4] as never)).toThrow(`${operation}: a length is the string "2"`);
  });
});

test("there must be one length for each sequence", () => {
  const [x, lengths] = [zeros([2, 4, 3]), i32(2)];
  expect(() => new RNN(3, 2, { batchFirst: true }).forward(x, { lengths })).toThrow("RNN: lengths are [1], expected [2], one for each sequence");
  expect(() => new SequenceClassifier(3, 2, { batchFirst: true }).forward(x, { lengths })).toThrow("SequenceClassifier: lengths are [1], expected [2], one for each sequence");
});

describe("full caches and tables", () => {
  const full = (steps: number, prefix = "") => ({ name: "ArgumentError", message: `${prefix}KeyValueCache: no room for ${steps} more steps among 3; make it with a larger maxLength, or reset() it` });

  test("a full cache refuses by name and does not change, compiled too", () => {
    const layer = new MultiheadAttention(4, 2, { batchFirst: true, generator: new Generator(1) });
    const [cache, other] = [1, 2].map(() => layer.createCache({ batch: 1, maxLength: 3 }));
    const next = (x: Tensor): Tensor => layer.forward(x, x, x, { cache }).output;
    const compiled = compile((x: Tensor) => layer.forward(x, x, x, { cache: other }).output);
    const x = normal([1, 4, 4], { generator: new Generator(2) });
    const two = x.slice([null, { stop: 2 }]);
    const one = x.slice([null, { start: 2, stop: 3 }]);
    for (const [call, used] of [[next, cache], [compiled, other]] as const) {
      expect(() => call(x)).toThrow(expect.objectContaining(full(4)));
      call(two);
      const before = used?.keys.value.toArray();
      expect(() => call(two)).toThrow(expect.objectContaining(full(2)));
      expect(used?.position.value.item()).toBe(2);
      expect(used?.keys.value.toArray()).toEqual(before);
      call(one);
      expect(() => call(one)).toThrow(expect.objectContaining(full(1)));
      used?.reset();
      expect(call(two).shape).toEqual([1, 2, 4]);
    }
  });

  test("a stack whose caches are full changes none of them", () => {
    const make = () => new TransformerEncoder([1, 2].map(() => new TransformerEncoderLayer(4, 2, { feedForward: 4, batchFirst: true, dropout: 0, generator: new Generator(1) })));
    const model = make();
    const caches = model.createCaches({ batch: 1, maxLength: 3 });
    const step = compile((x: Tensor) => model.forward(x, { caches }));
    const x = normal([1, 2, 4], { generator: new Generator(2) });
    step(x);
    expect(() => step(x)).toThrow(expect.objectContaining(full(2, "in layers.0.self_attn: ")));
    expect(caches.map(({ position }) => position.value.item())).toEqual([2, 2]);
  });

  test("positions beyond the table are refused by name, as numbers, as tensors, and compiled", () => {
    const layers = [
      new LearnedPositionalEncoding(4, 2, { batchFirst: true }), new SinusoidalPositionalEncoding(2, { maxLength: 4, batchFirst: true }), new RotaryPositionalEncoding(2, { maxLength: 4 }),
    ];
    const x = zeros([1, 2, 2]);
    for (const layer of layers) {
      const name = layer.constructor.name;
      const compiled = compile((position: Tensor) => layer.forward(x, { position }));
      for (const position of [0, 1, 2]) {
        const expected = layer.forward(x, { position });
        expect(layer.forward(x, { position: tensor(position, { dtype: "int32" }) }).toArray()).toEqual(expected.toArray());
        expect(compiled(tensor(position, { dtype: "int32" })).toArray()).toEqual(expected.toArray());
      }
      for (const position of [3, 4, -1]) {
        expect(() => layer.forward(x, { position })).toThrow(`${name}: 2 steps from position ${position} on, but there are 4 positions; make it with a larger maxLength`);
        const message = `${name}: 2 steps from the position given on, but there are 4 positions; make it with a larger maxLength`;
        expect(() => layer.forward(x, { position: tensor(position, { dtype: "int32" }) })).toThrow(message);
        expect(() => compiled(tensor(position, { dtype: "int32" }))).toThrow(message);
      }
      expect(() => layer.forward(x, { position: i32(1) })).toThrow(`${name}: position is int32 [1], expected a number or an int32 scalar`);
      expect(() => layer.forward(x, { position: "1" as never })).toThrow(`${name}: position is the string "1", expected a Tensor`);
    }
  });
});

test("a compiled function refuses a buffer that the module does not hold, and works once the module holds it", () => {
  class Counting extends Module {
    readonly #hidden = new Variable(zeros([]));
    held: Variable | undefined;
    forward(x: Tensor): Tensor {
      const count = this.held ?? this.#hidden;
      count.value = count.value.add(1);
      return x.mul(count.value);
    }
  }
  const module = new Counting();
  const run = compile((x: Tensor) => module.forward(x));
  expect(() => run(tensor([2]))).toThrow("Counting: forward uses a Variable that modules(), parameters() and buffers() do not find; keep it in a public field, or give it to forward as an input");
  module.held = new Variable(zeros([]));
  expect([run(tensor([2])), run(tensor([2]))].map((y) => y.toArray())).toEqual([[2], [4]]);
  expect(module.stateDict()["held"]?.item()).toBe(2);
});
