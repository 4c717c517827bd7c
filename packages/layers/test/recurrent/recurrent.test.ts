import { checkGradients, grad, valueAndGrad } from "@nn/autograd";
import { concat, flip, Generator, normal, slice, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it, test } from "vitest";
import { GRU, LSTM, RNN, type HiddenResult, type Lengths, type LSTMResult, type RecurrentOptions } from "../../src/index.js";

type Result = HiddenResult | LSTMResult;
type Layer = (options?: RecurrentOptions) => { forward(x: Tensor, options?: { hidden?: Tensor; cell?: Tensor; lengths?: Lengths }): Result; parameters: RNN["parameters"] };

const common = (options: RecurrentOptions = {}): RecurrentOptions => ({ dtype: "float64", generator: new Generator(1), ...options });
const layers: readonly (readonly [string, Layer])[] = [
  ["RNN", (options) => new RNN(3, 4, common(options))],
  ["RNN relu", (options) => new RNN(3, 4, { ...common(options), nonlinearity: "relu" })],
  ["GRU", (options) => new GRU(3, 4, common(options))],
  ["LSTM", (options) => new LSTM(3, 4, common(options))],
  ["LSTM projected", (options) => new LSTM(3, 4, { ...common(options), projectionSize: 2 })],
];
const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const stateOf = (result: Result): Tensor[] => ("cell" in result ? [result.hidden, result.cell] : [result.hidden]);

function expectClose(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  numbers(a).forEach((value, at) => expect(value).toBeCloseTo(numbers(b)[at] as number, 10));
}

describe.each(layers)("%s", (_, create) => {
  it("with lengths, each sequence gives the result it gives alone, in all layers and both directions", () => {
    const layer = create({ layers: 2, bidirectional: true });
    const x = random([5, 3, 3], 2);
    const lengths = [5, 2, 3];
    const together = layer.forward(x, { lengths });
    for (const [at, length] of lengths.entries()) {
      const alone = layer.forward(slice(x, [{ stop: length }, { start: at, stop: at + 1 }]));
      expectClose(slice(together.output, [{ stop: length }, { start: at, stop: at + 1 }]), alone.output);
      expect(numbers(slice(together.output, [{ start: length }, at])).every((value) => value === 0)).toBe(true);
      stateOf(together).forEach((part, number) => expectClose(slice(part, [{}, { start: at, stop: at + 1 }]), stateOf(alone)[number] as Tensor));
    }
  });

  it("padding gets no gradient, and lengths may be a tensor", () => {
    const layer = create({ bidirectional: true });
    const lengths = tensor([4, 1], { dtype: "int32" });
    const gradient = grad((x: Tensor) => sum(layer.forward(x, { lengths }).output.square()))(random([4, 2, 3], 3));
    expect(numbers(slice(gradient, [{ start: 1 }, 1])).every((value) => value === 0)).toBe(true);
    expect(numbers(slice(gradient, [0, 1])).some((value) => value !== 0)).toBe(true);
  });

  it("continues from its state like one uninterrupted call", () => {
    const layer = create({ layers: 2 });
    const x = random([6, 2, 3], 4);
    const whole = layer.forward(x);
    const { output: first, ...state } = layer.forward(slice(x, [{ stop: 4 }]));
    const rest = layer.forward(slice(x, [{ start: 4 }]), state);
    expectClose(concat([first, rest.output]), whole.output);
    stateOf(rest).forEach((part, number) => expectClose(part, stateOf(whole)[number] as Tensor));
  });

  it("first and second gradients agree with central differences, also with lengths", () => {
    const layer = create({ layers: 2, bidirectional: true });
    const run = (x: Tensor): Tensor => {
      const { output, ...state } = layer.forward(x, { lengths: [3, 2] });
      return sum(concat([output, ...Object.values(state)].map((part) => part.square().flatten())));
    };
    expect(() => checkGradients(run, [random([3, 2, 3], 5)])).not.toThrow();
    const one = create();
    expect(() => checkGradients((x) => sum(grad((y: Tensor) => sum(one.forward(y).output.square()))(x).square()), [random([3, 1, 3], 6)])).not.toThrow();
  });
});

test("gradients of parameters agree with central differences", () => {
  for (const [, create] of layers) {
    const layer = create({});
    const x = random([3, 2, 3], 7);
    const parameters = layer.parameters();
    const loss = (): Tensor => sum(layer.forward(x).output.square());
    const { gradients } = valueAndGrad(loss, parameters);
    for (const [at, parameter] of parameters.entries()) {
      const value = parameter.value;
      const direction = random(parameter.shape, 8 + at);
      const moved = (by: number): number => {
        parameter.value = value.add(direction.mul(by));
        const result = loss().item();
        parameter.value = value;
        return result;
      };
      const expected = (moved(1e-6) - moved(-1e-6)) / 2e-6;
      expect(sum((gradients[at] as Tensor).mul(direction)).item()).toBeCloseTo(expected, 6);
    }
  }
});

test("the backward direction equals the forward direction on the reversed sequence", () => {
  const layer = new LSTM(3, 4, common({ bidirectional: true }));
  const forward = new LSTM(3, 4, common());
  const state = layer.stateDict();
  forward.loadStateDict(Object.fromEntries(Object.keys(forward.stateDict()).map((name) => [name, state[`${name}_reverse`] as Tensor])));
  const x = random([5, 2, 3], 9);
  const back = forward.forward(flip(x, 0));
  expectClose(slice(layer.forward(x).output, [{}, {}, { start: 4 }]), flip(back.output, 0));
});

test("names, shapes and initial values are PyTorch's", () => {
  const lstm = new LSTM(3, 16, { layers: 2, bidirectional: true, projectionSize: 5 });
  expect(Object.entries(lstm.stateDict()).map(([name, { shape }]) => `${name} ${shape.join("x")}`)).toEqual([
    "weight_ih_l0 64x3", "weight_hh_l0 64x5", "bias_ih_l0 64", "bias_hh_l0 64", "weight_hr_l0 5x16",
    "weight_ih_l0_reverse 64x3", "weight_hh_l0_reverse 64x5", "bias_ih_l0_reverse 64", "bias_hh_l0_reverse 64", "weight_hr_l0_reverse 5x16",
    "weight_ih_l1 64x10", "weight_hh_l1 64x5", "bias_ih_l1 64", "bias_hh_l1 64", "weight_hr_l1 5x16",
    "weight_ih_l1_reverse 64x10", "weight_hh_l1_reverse 64x5", "bias_ih_l1_reverse 64", "bias_hh_l1_reverse 64", "weight_hr_l1_reverse 5x16",
  ]);
  expect(Object.values(lstm.stateDict()).every((value) => Math.max(...value.abs().toTypedArray()) <= 0.25)).toBe(true);
  expect(Object.keys(new GRU(2, 2, { bias: false }).stateDict())).toEqual(["weight_ih_l0", "weight_hh_l0"]);
});

test("dropout acts between the layers, in training only", () => {
  const layer = new GRU(3, 4, { layers: 2, dropout: 1, generator: new Generator(1) });
  const [a, b] = [1, 2].map((seed) => normal([4, 2, 3], { generator: new Generator(seed) })) as [Tensor, Tensor];
  expect(layer.forward(a).output.toArray()).toEqual(layer.forward(b).output.toArray());
  layer.eval();
  expect(layer.forward(a).output.toArray()).not.toEqual(layer.forward(b).output.toArray());
});

test("errors", () => {
  const lstm = new LSTM(3, 4, { batchFirst: true });
  expect(() => lstm.forward(zeros([2, 5, 7]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTM: input is [2, 5, 7], expected [N, steps, 3], or [steps, 3] without a batch]`);
  expect(() => lstm.forward(zeros([2, 0, 3]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTM: input [2, 0, 3] has no steps, expected at least one]`);
  expect(() => lstm.forward(zeros([2, 5, 3], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: LSTM: input has dtype float64, but the parameters float32; cast one]`);
  expect(() => lstm.forward(zeros([2, 5, 3]), { hidden: zeros([1, 5, 4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTM: hidden is [1, 5, 4], expected [1, 2, 4]: layers times directions, sequences, size]`);
  expect(() => lstm.forward(zeros([5, 3]), { cell: zeros([2, 4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTM: cell is [2, 4], expected [1, 4]: layers times directions, size]`);
  expect(() => lstm.forward(zeros([2, 5, 3]), { lengths: [5, 6] })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LSTM: a length is 6, expected whole numbers from 1 to 5, the number of steps]`);
  expect(() => lstm.forward(zeros([2, 5, 3]), { lengths: [5] })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTM: lengths are [1], expected [2], one for each sequence]`);
  expect(() => lstm.forward(zeros([2, 5, 3]), { lengths: zeros([2]) })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: LSTM: lengths have dtype float32, expected int32]`);
  expect(() => lstm.forward(zeros([5, 3]), { lengths: [5] })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTM: lengths are for batches, but the input [5, 3] is one sequence; slice it]`);
  expect(() => new LSTM(3, 4, { projectionSize: 4 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: LSTM: projectionSize is 4, expected a whole number from 1 to 3: less than hiddenSize]`);
  expect(() => new GRU(3, 0)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: GRU: hiddenSize is 0, expected a positive whole number]`);
  expect(() => new RNN(3, 4, { nonlinearity: "gelu" as "tanh" })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RNN: nonlinearity is the string "gelu", expected "tanh" or "relu"; did you mean "relu"?]`);
});
