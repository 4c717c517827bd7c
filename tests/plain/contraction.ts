import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { along, at, broadcastShape, get, indicesOf, make, map, matmul, permute, reduce, reshape, sizeOf, sum, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries } from "./trial.js";

/** Sums over all letters of a product, letter by letter. */
export function einsum(equation: string, arrays: readonly Plain[]): Plain {
  const [left = "", right = ""] = equation.split("->");
  const terms = left.split(",");
  const sizes = new Map<string, number>();
  for (const [which, term] of terms.entries()) for (const [axis, letter] of [...term].entries()) sizes.set(letter, get(get(arrays, which).shape, axis));
  const inner = [...sizes.keys()].filter((letter) => !right.includes(letter));
  return make([...right].map((letter) => sizes.get(letter) ?? 0), (index) => sum(indicesOf(inner.map((letter) => sizes.get(letter) ?? 0)).map((within) => {
    const value = (letter: string): number => (right.includes(letter) ? get(index, right.indexOf(letter)) : get(within, inner.indexOf(letter)));
    return terms.reduce((product, term, which) => product * at(get(arrays, which), ...[...term].map(value)), 1);
  })));
}

const distance = (values: readonly number[], p: number): number => {
  const sizes = values.map(Math.abs);
  if (p === Infinity) return Math.max(...sizes);
  return p === 0 ? sizes.filter((size) => size !== 0).length : sum(sizes.map((size) => size ** p)) ** (1 / p);
};

const row = (random: Random, shape: readonly number[]): Plain => random.array(shape, 0.2, 2);

/** Functions that multiply and sum. */
export const contractions: Entries = {
  matmul: (random) => {
    const [batch, n] = [random.shape([0, 2], [1, 3]), random.int(1, 5)];
    const part = (): number[] => batch.map((size) => (random.bool(0.3) ? 1 : size)).slice(random.bool(0.3) ? batch.length : 0);
    const left = random.bool(0.2) ? [n] : [...part(), random.int(1, 5), n];
    const right = random.bool(0.2) ? [n] : [...part(), n, random.int(1, 5)];
    return call(`${left.join("x")} by ${right.join("x")}`, [random.array(left), random.array(right)], (a, b) => nn.matmul(a as Tensor, b as Tensor), matmul);
  },
  linear: (random) => {
    const [batch, features, outputs] = [random.shape([0, 2]), random.int(1, 5), random.int(1, 5)];
    const bias = random.bool() ? [random.array([outputs])] : [];
    return call(`${[...batch, features].join("x")} to ${outputs}`, [random.array([...batch, features]), random.array([outputs, features]), ...bias], (x, w, b) => nn.linear(x as Tensor, w as Tensor, b),
      (x, w, b) => zip((p, q) => p + q, matmul(x, permute(w, [1, 0])), b ?? { shape: [], data: [0] }));
  },
  dot: (random) => {
    const n = random.int(1, 6);
    return call(`${n}`, [random.array([n]), random.array([n])], (a, b) => nn.dot(a as Tensor, b as Tensor), (a, b) => einsum("i,i->", [a, b]));
  },
  outer: (random) => call("", [random.array([random.int(1, 4)]), random.array([random.int(1, 4)])], (a, b) => nn.outer(a as Tensor, b as Tensor), (a, b) => einsum("i,j->ij", [a, b])),
  einsum: (random) => {
    const sizes = Object.fromEntries([..."abcde"].map((letter) => [letter, random.int(1, 3)]));
    const terms = random.list(random.int(1, 3), () => random.shuffled([..."abcde"]).slice(0, random.int(1, 3)).join(""));
    const used = [...new Set(terms.join(""))];
    const equation = `${terms.join(",")}->${random.shuffled(used).slice(0, random.int(0, used.length)).join("")}`;
    return call(`${equation}, ${JSON.stringify(sizes)}`, terms.map((term) => random.array([...term].map((letter) => sizes[letter] ?? 1))), (...xs) => nn.einsum(equation, ...xs), (...xs) => einsum(equation, xs));
  },
  tensorDot: (random) => {
    const count = random.int(0, 2);
    const [shared, before, after] = [random.list(count, () => random.int(1, 3)), random.shape([0, 2]), random.shape([0, 2])];
    return call(`${count} axes`, [random.array([...before, ...shared]), random.array([...shared, ...after])], (a, b) => nn.tensorDot(a as Tensor, b as Tensor, count),
      (a, b) => reshape(matmul(reshape(a, [sizeOf(before), sizeOf(shared)]), reshape(b, [sizeOf(shared), sizeOf(after)])), [...before, ...after]));
  },
  kron: (random) => {
    const rank = random.int(1, 2);
    const [left, right] = [random.list(rank, () => random.int(1, 3)), random.list(rank, () => random.int(1, 3))];
    return call(`${left.join("x")}, ${right.join("x")}`, [random.array(left), random.array(right)], (a, b) => nn.kron(a as Tensor, b as Tensor), (a, b) =>
      make(left.map((size, axis) => size * get(right, axis)), (index) => at(a, ...index.map((each, axis) => Math.floor(each / get(right, axis)))) * at(b, ...index.map((each, axis) => each % get(right, axis)))));
  },
  trace: (random) => call("", [random.array([random.int(1, 4), random.int(1, 4)])], (a) => nn.trace(a as Tensor), (a) =>
    ({ shape: [], data: [sum(Array.from({ length: Math.min(get(a.shape, 0), get(a.shape, 1)) }, (_, step) => at(a, step, step)))] })),
  cross: (random) => {
    const rank = random.int(1, 3);
    const axis = random.axis(rank);
    const shape = random.list(rank, () => random.int(1, 3)).with(axis, 3);
    const part = (x: Plain, index: readonly number[], step: number): number => at(x, ...index.with(axis, step % 3));
    return call(`${shape.join("x")}, axis ${axis}`, [random.array(shape), random.array(shape)], (a, b) => nn.cross(a as Tensor, b as Tensor, axis), (a, b) => make(shape, (index) => {
      const step = get(index, axis);
      return part(a, index, step + 1) * part(b, index, step + 2) - part(a, index, step + 2) * part(b, index, step + 1);
    }));
  },
  matrixPower: (random) => {
    const [size, n] = [random.int(1, 3), random.int(0, 4)];
    return call(`${size}, power ${n}`, [random.array([size, size], -1, 1)], (a) => nn.matrixPower(a as Tensor, n), (a) =>
      Array.from({ length: n }).reduce<Plain>((product) => matmul(product, a), make([size, size], ([i, j]) => Number(i === j))));
  },
};

/** Functions that measure vectors. */
export const distances: Entries = {
  cosineSimilarity: (random) => {
    const shape = random.shape([1, 3], [1, 4]);
    const [axis, epsilon] = [random.axis(shape.length), random.pick([undefined, 1e-3])];
    const other = shape.map((size) => (random.bool(0.2) ? 1 : size));
    return call(`${shape.join("x")}, ${other.join("x")}, axis ${axis}`, [row(random, shape), row(random, other)], (a, b) => nn.cosineSimilarity(a as Tensor, b as Tensor, { axis, epsilon }), (a, b) => {
      const wide = (x: Plain): Plain => zip((p) => p, x, map(a, () => 0), map(b, () => 0));
      const length = (x: Plain): Plain => reduce(wide(x), [axis], false, (values) => Math.max(Math.sqrt(sum(values.map((value) => value * value))), epsilon ?? 1e-8));
      return zip((dot, p, q) => dot / (p * q), reduce(zip((p, q) => p * q, wide(a), wide(b)), [axis], false, sum), length(a), length(b));
    });
  },
  normalize: (random) => {
    const x = row(random, random.shape([1, 3]));
    const [axis, p] = [random.axis(x.shape.length), random.pick([1, 2, 3, Infinity])];
    return call(`${x.shape.join("x")}, axis ${axis}, p ${p}`, [x], (a) => nn.normalize(a as Tensor, { p, axis }), (a) => along(a, axis, (values) => values.map((value) => value / Math.max(distance(values, p), 1e-12))));
  },
  pairwiseDistance: (random) => {
    const shape = random.shape([1, 2]);
    const [p, keepAxes, epsilon] = [random.pick([undefined, 1, 2, 3]), random.bool(), random.pick([undefined, 0.01])];
    return call(`${shape.join("x")}, p ${p}, epsilon ${epsilon}`, [random.array(shape), random.array(shape)], (a, b) => nn.pairwiseDistance(a as Tensor, b as Tensor, { p, keepAxes, epsilon }),
      (a, b) => reduce(zip((x, y) => x - y + (epsilon ?? 1e-6), a, b), [-1], keepAxes, (values) => distance(values, p ?? 2)));
  },
  cdist: (random) => {
    const [batch, features, p] = [random.shape([0, 1], [1, 2]), random.int(1, 4), random.pick([undefined, 1, 2, 3, Infinity])];
    const [left, right] = [[...batch, random.int(1, 3), features], [...batch, random.int(1, 3), features]];
    return call(`${left.join("x")}, ${right.join("x")}, p ${p}`, [random.array(left), random.array(right)], (a, b) => nn.cdist(a as Tensor, b as Tensor, { p }), (a, b) =>
      make([...broadcastShape(batch, batch), get(left, -2), get(right, -2)], (index) => distance(Array.from({ length: features }, (_, feature) =>
        at(a, ...index.slice(0, -2), get(index, -2), feature) - at(b, ...index.slice(0, -2), get(index, -1), feature)), p ?? 2)));
  },
};
