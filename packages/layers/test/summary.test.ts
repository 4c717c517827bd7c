import { manualSeed, defaultGenerator, randomIntegers, tensor, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { BatchNorm1d, Dropout, Linear, Module, ReLU, Sequential, summary } from "../src/index.js";

test("a table of modules, output shapes and parameters", () => {
  const model = new Sequential(new Linear(784, 128), new BatchNorm1d(128), new ReLU(), new Dropout(0.5), new Linear(128, 10));
  for (const parameter of model.layers[0].parameters()) parameter.trainable = false;
  expect(summary(model, [1, 784])).toMatchInlineSnapshot(`
    "Module            Output    Parameters
    ----------------  --------  ----------
    Sequential        [1, 10]            -
      0: Linear       [1, 128]     100,480
      1: BatchNorm1d  [1, 128]         256
      2: ReLU         [1, 128]           -
      3: Dropout      [1, 128]           -
      4: Linear       [1, 10]        1,290
    ----------------  --------  ----------
    Parameters: 102,026 (1,546 trainable), 408,104 bytes"
  `);
});

test("state, modes and random numbers do not change", () => {
  manualSeed(3);
  const model = new Sequential(new BatchNorm1d(4), new Dropout(0.5));
  model.layers[1].eval();
  const before = model.stateDict();
  const state = defaultGenerator().stateDict();
  summary(model, [8, 4]);
  expect(model.stateDict()).toEqual(before);
  expect(defaultGenerator().stateDict()).toEqual(state);
  expect(model.modules().map(({ training }) => training)).toEqual([true, true, false]);
  expect(model.layers.every((layer) => !Object.hasOwn(layer, "forward"))).toBe(true);
});

class Pair extends Module {
  readonly shared = new Linear(3, 3, { bias: false });
  readonly again = new Sequential(this.shared);
  readonly unused = new Linear(1, 1);
  forward(a: Tensor, b: Tensor): { sum: Tensor; parts: Tensor[] } {
    const parts = [this.shared.forward(a), this.again.forward(b)];
    return { sum: a.add(b), parts };
  }
}

test("several inputs and outputs, shared and unused modules, tensors as inputs", () => {
  expect(summary(new Pair(), [2, 3], zeros([5, 2, 3]))).toMatchInlineSnapshot(`
    "Module               Output                        Parameters
    -------------------  ----------------------------  ----------
    Pair                 [5, 2, 3], [2, 3], [5, 2, 3]           -
      shared: Linear     [5, 2, 3]                              9
      again: Sequential  [5, 2, 3]                              -
      unused: Linear     -                                      2
    -------------------  ----------------------------  ----------
    Parameters: 11 (11 trainable), 44 bytes"
  `);
});

test("an error in forward leaves the modules unchanged", () => {
  const model = new Sequential(new Linear(3, 2));
  expect(() => summary(model, [4, 4])).toThrowErrorMatchingInlineSnapshot(`[UsageError: summary: in 0: linear: input [4, 4] and weight [2, 3] do not fit, expected an input of shape [..., 3]]`);
  expect(Object.hasOwn(model.layers[0], "forward")).toBe(false);
  expect(model.training).toBe(true);
});

test("a forward that reads values says why it cannot be summarised", () => {
  class Reading extends Module {
    forward(x: Tensor): Tensor {
      return x.mul(x.sum().item());
    }
  }
  expect(() => summary(new Reading(), [2])).toThrowErrorMatchingInlineSnapshot(`[UsageError: summary: item: a summary follows shapes only, there are no values to read]`);
  expect(() => summary(new Reading(), randomIntegers([], { low: 1, high: 2 }), tensor([1]))).toThrow("item");
});
