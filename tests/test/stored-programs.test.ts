import { describe, expect, it } from "vitest";
import { valueAndGrad } from "@nn/autograd";
import { compile, type CompileOptions } from "@nn/compiler";
import { programStore, type ProgramStorage } from "@nn/compiler/features";
import { Conv2d, Dropout, Embedding, Flatten, Linear, LSTM, MaxPool2d, Module, ReLU, Sequential, TransformerEncoder, TransformerEncoderLayer } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { exp, manualSeed, normal, ones, randomIntegers, tensor, Variable, type Tensor } from "@nn/tensor";

interface Entries extends ProgramStorage {
  readonly all: Map<string, Uint8Array>;
}

function entries(): Entries {
  const all = new Map<string, Uint8Array>();
  return { all, read: (name) => all.get(name), write: (name, bytes) => void all.set(name, bytes) };
}

class Recurrent extends Module {
  lstm = new LSTM(3, 4, { batchFirst: true });
  output = new Linear(4, 4);
  forward(x: Tensor): Tensor {
    return this.output.forward(this.lstm.forward(x).output.select(1, -1));
  }
}

class Gpt extends Module {
  embedding = new Embedding(11, 16);
  blocks = new TransformerEncoder([new TransformerEncoderLayer(16, 2, { feedForward: 32, dropout: 0.1, batchFirst: true })]);
  output = new Linear(16, 11);
  forward(x: Tensor): Tensor {
    return this.output.forward(this.blocks.forward(this.embedding.forward(x), { causal: true })).transpose(1, 2);
  }
}

const classes = (count: number): Tensor => randomIntegers([count], { low: 0, high: 4 });
type Network = readonly [model: { forward(x: Tensor): Tensor } & Module, x: Tensor, y: Tensor];

const networks: Readonly<Record<string, () => Network>> = {
  perceptron: () => [new Sequential(new Linear(20, 32), new ReLU(), new Dropout(0.3), new Linear(32, 4)), normal([8, 20]), classes(8)],
  convolution: () => [new Sequential(new Conv2d(1, 4, 3, { padding: 1, stride: 2 }), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(4 * 3 * 3, 4)), normal([2, 1, 12, 12]), classes(2)],
  recurrent: () => [new Recurrent(), normal([3, 2, 3]), classes(3)],
  transformer: () => [new Gpt(), randomIntegers([2, 5], { low: 0, high: 11 }), randomIntegers([2, 5], { low: 0, high: 11 })],
};

/** Two training steps with a schedule: losses and weights, and what `explain` says. */
function trained(make: () => Network, options: CompileOptions): { readonly values: unknown; readonly explained: string } {
  manualSeed(7);
  const [model, x, y] = make();
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: cosineDecay(0.05, { steps: 10 }) });
  const step = compile((input: Tensor, target: Tensor) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(input), target), parameters);
    optimizer.step(gradients);
    return value;
  }, options);
  const losses = [1, 2].map(() => step(x, y).item());
  const explained = step.explain();
  const { kernels } = step.profile(x, y);
  step.dispose();
  return { values: [losses, parameters.map(({ value }) => value.toArray()), kernels.map(({ label, shape }) => `${label} ${shape}`)], explained };
}

const loaded = /loaded from the store in/;

describe.each(Object.entries(networks))("%s", (_, make) => {
  it.each([1, 2])("a step from a store has the same bits as a compiled one, with %i threads", (threads) => {
    const storage = entries();
    const store = programStore(storage);
    const plain = trained(make, { threads });
    const first = trained(make, { threads, store });
    expect(first.values).toEqual(plain.values);
    expect(first.explained).not.toMatch(loaded);
    expect(storage.all.size).toBe(1);
    // What was allocated meanwhile moves all parts of the program.
    const other = compile((a: Tensor) => a.add(1));
    other(ones([threads, 1000]));
    const second = trained(make, { threads, store: programStore(storage) });
    expect(second.values).toEqual(plain.values);
    expect(second.explained).toMatch(loaded);
    expect(storage.all.size).toBe(1);
  });
});

describe("a program in a store", () => {
  it("belongs to shapes, attributes, constants and options", () => {
    const storage = entries();
    const store = programStore(storage);
    const run = (constant: Tensor, factor: number, x: Tensor, options: CompileOptions = {}): [unknown, boolean] => {
      const f = compile((a: Tensor) => a.mul(factor).add(constant).sum(0), { store, ...options });
      return [f(x).toArray(), loaded.test(f.explain())];
    };
    const x = tensor([[1, 2], [3, 4]]);
    expect(run(tensor([10, 20]), 2, x)).toEqual([[28, 52], false]);
    expect(run(tensor([10, 20]), 2, x)).toEqual([[28, 52], true]);
    expect(run(tensor([10, 21]), 2, x)).toEqual([[28, 54], false]);
    expect(run(tensor([10, 20]), 3, x)).toEqual([[32, 58], false]);
    expect(run(tensor([10, 20]), 2, ones([3, 2]))).toEqual([[36, 66], false]);
    expect(run(tensor([10, 20]), 2, x, { relaxedSimd: false })).toEqual([[28, 52], false]);
    expect(run(tensor([10, 20]), 2, x, { threads: 2 })).toEqual([[28, 52], false]);
    expect(run(tensor([10, 20]), -0, x)).toEqual([[20, 40], false]);
    expect(run(tensor([10, 20]), 0, x)).toEqual([[20, 40], false]);
  });

  it("uses the variables, and the functions of JavaScript, of the function that is traced", () => {
    const store = programStore(entries());
    const make = (start: number): [() => Tensor, Variable, () => string] => {
      const [total, other] = [new Variable(tensor([start, 2 * start], { dtype: "float64" })), new Variable(tensor(start, { dtype: "float64" }))];
      const f = compile(() => {
        total.value = exp(total.value).add(other.value);
        other.value = other.value.add(1);
        return total.value.sum();
      }, { store });
      return [f, total, () => f.explain()];
    };
    const [first, one] = make(0.5);
    const [second, two, explained] = make(0.25);
    expect(first().item()).toBe(one.value.sum().item());
    second();
    expect(two.value.toArray()).toEqual([Math.exp(0.25) + 0.25, Math.exp(0.5) + 0.25]);
    second();
    expect(two.value.toArray()).toEqual([Math.exp(Math.exp(0.25) + 0.25) + 1.25, Math.exp(Math.exp(0.5) + 0.25) + 1.25]);
    expect(one.value.toArray()).toEqual([Math.exp(0.5) + 0.5, Math.exp(1) + 0.5]);
    expect(explained()).toMatch(loaded);
  });

  it("fails as a compiled one does, and changes nothing", () => {
    const store = programStore(entries());
    const calls = new Variable(tensor(0));
    const make = (): ((x: Tensor, index: Tensor) => Tensor) => compile((x: Tensor, index: Tensor) => {
      calls.value = calls.value.add(1);
      return x.gather(index, 0);
    }, { store });
    const [x, wrong] = [tensor([1, 2, 3]), tensor([0, 3, 0], { dtype: "int32" })];
    const messages = [make(), make()].map((f) => {
      try {
        f(x, wrong);
        return "no error";
      } catch (error) {
        return String(error);
      }
    });
    expect(messages[0]).toContain("index 3 at [1] is out of range");
    expect(messages[1]).toBe(messages[0]);
    expect(calls.value.item()).toBe(0);
  });

  it("runs several steps in a call", () => {
    const store = programStore(entries());
    const total = new Variable(tensor(0));
    const make = (): ((x: Tensor) => Tensor) => compile((x: Tensor) => (total.value = total.value.add(x.sum())), { store, steps: 2 });
    expect(make()(tensor([[1, 2], [3, 4]])).toArray()).toEqual([3, 10]);
    expect(make()(tensor([[1, 2], [3, 4]])).toArray()).toEqual([13, 20]);
  });

  it("is compiled again if its entry is damaged", () => {
    const storage = entries();
    const run = (): boolean => {
      const f = compile((x: Tensor) => exp(x).sum(), { store: programStore(storage) });
      expect(f(tensor([0, 0, 0])).item()).toBe(3);
      return loaded.test(f.explain());
    };
    expect(run()).toBe(false);
    const [[name = "", whole = new Uint8Array()] = []] = storage.all;
    const damages = [new Uint8Array(0), whole.slice(0, whole.length >> 1), whole.with(whole.length >> 1, 1 ^ (whole[whole.length >> 1] ?? 0))];
    for (const damaged of damages) {
      storage.all.set(name, damaged);
      expect(run()).toBe(false);
      expect(storage.all.get(name)).toEqual(whole);
    }
    expect(run()).toBe(true);
  });
});

it("what is no store, or no storage, is refused", () => {
  expect(() => compile(exp, { store: new Map() as never })).toThrow("compile: store is a value of class Map, expected a function");
  expect(() => programStore(new Map() as never)).toThrow("programStore: the storage is");
  expect(() => programStore(undefined as never)).toThrow("programStore: the storage is undefined");
});
