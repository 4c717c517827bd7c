import { Generator, normal, select, unbind, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell, type Recurrent, type RecurrentCell } from "../../src/index.js";

const options = { dtype: "float64", generator: new Generator(1) } as const;
const x = normal([4, 2, 3], { dtype: "float64", generator: new Generator(2) });

/** Copies the parameters of a layer into a cell. */
function share(layer: Recurrent, cell: RecurrentCell): void {
  const state = layer.stateDict();
  cell.loadStateDict(Object.fromEntries(Object.keys(cell.stateDict()).map((name) => [name, state[`${name}_l0`] as Tensor])));
}

function expectClose(a: Tensor, b: Tensor): void {
  const wanted = b.toTypedArray();
  a.toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(wanted[at] as number, 12));
}

test("a cell applied step by step equals the layer", () => {
  const pairs = [
    [new RNN(3, 4, options), new RNNCell(3, 4, options)],
    [new RNN(3, 4, { ...options, nonlinearity: "relu" }), new RNNCell(3, 4, { ...options, nonlinearity: "relu" })],
    [new GRU(3, 4, options), new GRUCell(3, 4, options)],
  ] as const;
  for (const [layer, cell] of pairs) {
    share(layer, cell);
    let hidden: Tensor | undefined;
    for (const step of unbind(x)) hidden = cell.forward(step, hidden);
    expectClose(hidden as Tensor, select(layer.forward(x).hidden, 0, 0));
  }
});

test("an LSTM cell applied step by step equals the layer", () => {
  const [layer, cell] = [new LSTM(3, 4, options), new LSTMCell(3, 4, options)];
  share(layer, cell);
  let state = cell.forward(select(x, 0, 0));
  for (const step of unbind(x).slice(1)) state = cell.forward(step, state);
  const { hidden, cell: content } = layer.forward(x);
  expectClose(state.hidden, select(hidden, 0, 0));
  expectClose(state.cell, select(content, 0, 0));
});

test("an input without a batch axis gives a result without one", () => {
  const cell = new GRUCell(3, 4, options);
  const [row] = unbind(select(x, 0, 0)) as [Tensor];
  expect(cell.forward(row).shape).toEqual([4]);
  expectClose(cell.forward(row), select(cell.forward(select(x, 0, 0)), 0, 0));
});

test("errors", () => {
  const cell = new LSTMCell(3, 4);
  expect(() => cell.forward(zeros([2, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTMCell: input is [2, 5], expected [N, 3], or [3] without a batch]`);
  expect(() => cell.forward(zeros([2, 3]), { cell: zeros([3, 4]) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LSTMCell: cell is [3, 4], expected [2, 4]]`);
  expect(() => cell.forward(zeros([2, 3], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: LSTMCell: input has dtype float64, but the parameters float32; cast one]`);
  expect(() => new RNNCell(2.5, 4)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RNNCell: inputSize is 2.5, expected a positive whole number]`);
});
