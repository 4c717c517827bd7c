import * as nn from "@nn/tensor";
import { make, type Plain } from "./array.js";
import type { Random } from "./random.js";
import type { Entries, Entry } from "./trial.js";

/** Tensors made from numbers only. */
const created = (of: (random: Random) => readonly [what: string, ours: (dtype: nn.FloatDType) => nn.Tensor, plain: Plain]): Entry => (random) => {
  const [what, ours, plain] = of(random);
  return { what, inputs: [], ours: (dtype) => ({ call: () => ours(dtype) }), plain: () => plain, differentiable: false };
};

/** Functions that make tensors. */
export const creation: Entries = {
  zeros: created((random) => {
    const shape = random.shape([0, 3]);
    return [shape.join("x"), (dtype) => nn.zeros(shape, { dtype }), make(shape, () => 0)];
  }),
  ones: created((random) => {
    const shape = random.shape([0, 3]);
    return [shape.join("x"), (dtype) => nn.ones(shape, { dtype }), make(shape, () => 1)];
  }),
  full: created((random) => {
    const [shape, value] = [random.shape([0, 3]), random.real()];
    return [`${shape.join("x")} of ${value}`, (dtype) => nn.full(shape, value, { dtype }), make(shape, () => value)];
  }),
  eye: created((random) => {
    const [rows, columns] = [random.int(1, 4), random.int(1, 4)];
    return [`${rows}x${columns}`, (dtype) => nn.eye(rows, columns, { dtype }), make([rows, columns], ([row, column]) => Number(row === column))];
  }),
  arange: created((random) => {
    const [start, step, count] = [random.int(-3, 3), random.pick([1, 2, -1, -3]), random.int(1, 6)];
    return [`${count} from ${start} by ${step}`, (dtype) => nn.arange(start, start + step * count, step, { dtype }), make([count], ([at = 0]) => start + step * at)];
  }),
  linspace: created((random) => {
    const [start, stop, count] = [random.real(), random.real(), random.int(2, 6)];
    return [`${count} from ${start} to ${stop}`, (dtype) => nn.linspace(start, stop, count, { dtype }), make([count], ([at = 0]) => start + ((stop - start) * at) / (count - 1))];
  }),
};
