import * as layers from "@nn/layers";
import { where, type FloatDType, type Tensor } from "@nn/tensor";
import { layerTrial, parameter } from "./activations.js";
import { at, get, make, type Plain } from "./array.js";
import { call, type Entries } from "./trial.js";

/** Rotary encoding of the last axis by the place on the one before it. */
export function rotated(x: Plain, pairs: "neighbours" | "halves", base: number): Plain {
  const size = get(x.shape, -1);
  return make(x.shape, (index) => {
    const [outer, step, feature] = [index.slice(0, -2), get(index, -2), get(index, -1)];
    const pair = pairs === "neighbours" ? Math.floor(feature / 2) : feature % (size / 2);
    const isFirst = pairs === "neighbours" ? feature % 2 === 0 : feature < size / 2;
    const distance = (pairs === "neighbours" ? 1 : size / 2) * (isFirst ? 1 : -1);
    const angle = step / base ** ((2 * pair) / size);
    return at(x, ...index) * Math.cos(angle) - (isFirst ? 1 : -1) * at(x, ...outer, step, feature + distance) * Math.sin(angle);
  });
}

/** Positional encodings and masks. */
export const positions: Entries = {
  squareSubsequentMask: (random) => {
    const length = random.int(1, 4);
    return call(`${length}`, [random.array([length, length])], (x) => (x as Tensor).add(layers.squareSubsequentMask(length, { dtype: (x as Tensor).dtype as FloatDType })), (x) => make(x.shape, ([row = 0, column = 0]) => (column <= row ? at(x, row, column) : -Infinity)), { differentiable: false });
  },
  LearnedPositionalEncoding: (random) => layerTrial("", random.array([random.int(1, 4), 2, 3]), (dtype) => new layers.LearnedPositionalEncoding(5, 3, { dtype }), (x, parameters) =>
    make(x.shape, (index) => at(x, ...index) + at(parameter(parameters, "weight"), get(index, 0), get(index, 2)))),
  SinusoidalPositionalEncoding: (random) => layerTrial("", random.array([random.int(1, 4), 2, 4]), (dtype) => new layers.SinusoidalPositionalEncoding(4, { dtype }), (x) => make(x.shape, (index) => {
    const [step, feature] = [get(index, 0), get(index, 2)];
    const angle = step / 10_000 ** ((feature - (feature % 2)) / 4);
    return at(x, ...index) + (feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle));
  })),
  RotaryPositionalEncoding: (random) => {
    const [steps, pairs, base] = [random.int(1, 4), random.pick(["neighbours", "halves"] as const), random.pick([10_000, 10])];
    const size = 2 * random.int(1, 3);
    return layerTrial(`${steps} of ${size}, ${pairs}`, random.array([2, steps, size]), (dtype) => new layers.RotaryPositionalEncoding(size, { pairs, base, dtype }), (x) => rotated(x, pairs, base));
  },
  paddingMask: (random) => {
    const [batch, steps] = [random.int(1, 3), random.int(1, 4)];
    const lengths = random.list(batch, () => random.int(1, steps));
    return call(`${lengths.join()} of ${steps}`, [random.array([batch, steps])], (x) => where(layers.paddingMask(lengths, steps), 0, x as Tensor), (x) => make(x.shape, ([n = 0, step = 0]) => (step < get(lengths, n) ? at(x, n, step) : 0)), { compiled: false });
  },
};
