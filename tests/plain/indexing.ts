import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { at, broadcastShape, atBroadcast, get, indicesOf, make, positionOf, sizeOf, sum, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries, type Entry } from "./trial.js";

const int32 = ({ shape, data }: Plain): Tensor => nn.tensor([...data], { shape, dtype: "int32" });
const bool = ({ shape, data }: Plain): Tensor => nn.tensor([...data], { shape, dtype: "bool" });
const counted = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const replaced = (index: readonly number[], axis: number, value: number): number[] => index.map((each, on) => (on === counted(axis, index.length) ? value : each));

/** An index tensor that fits within x on all axes but one. */
function indexFor(random: Random, x: Plain, axis: number): Plain {
  const position = counted(axis, x.shape.length);
  return random.integers(x.shape.map((size, each) => (each === position ? random.int(1, 4) : random.int(1, size))), 0, get(x.shape, position) - 1);
}

/** Changes copies of the elements that an index names, one update after the other. */
function scattered(base: Plain, index: Plain, axis: number, updates: (index: readonly number[]) => number, change: (old: number, update: number) => number): Plain {
  const data = [...base.data];
  for (const each of indicesOf(index.shape)) {
    const position = positionOf(base.shape, replaced(each, axis, at(index, ...each)));
    data[position] = change(get(data, position), updates(each));
  }
  return { shape: base.shape, data };
}

const scatter = (f: (random: Random, axis: number, index: Plain) => readonly [what: string, ours: (base: Tensor, updates: Tensor) => Tensor, plain: (base: Plain, updates: Plain) => Plain], distinct = false): Entry => (random) => {
  const base = random.array(random.shape([1, 3]));
  const axis = random.axis(base.shape.length);
  let index = indexFor(random, base, axis);
  if (distinct) {
    const count = random.int(1, get(base.shape, axis));
    const order = random.shuffled(Array.from({ length: get(base.shape, axis) }, (_, step) => step));
    index = make(index.shape.with(axis, count), (each) => get(order, get(each, counted(axis, each.length))));
  }
  const [what, ours, plain] = f(random, axis, index);
  return call(`base ${base.shape.join("x")}, axis ${axis}, index ${index.shape.join("x")}: ${index.data.join(" ")}${what}`, [base, random.array(index.shape)],
    (a, b) => ours(a as Tensor, b as Tensor), (a, b) => plain(a, b));
};

const reducers = {
  sum: (values: readonly number[]) => sum(values), mean: (values: readonly number[]) => sum(values) / values.length,
  prod: (values: readonly number[]) => values.reduce((a, b) => a * b, 1), max: (values: readonly number[]) => Math.max(...values), min: (values: readonly number[]) => Math.min(...values),
};

/** Rows of an axis, each at a position given by an index. */
const rows = (f: (random: Random, axis: number, index: Plain) => readonly [what: string, ours: (base: Tensor, source: Tensor) => Tensor, change: (old: number, update: number) => number], distinct = false): Entry => (random) => {
  const base = random.array(random.shape([1, 3]));
  const axis = random.axis(base.shape.length);
  const size = get(base.shape, axis);
  const positions = distinct ? random.shuffled(Array.from({ length: size }, (_, step) => step)).slice(0, random.int(1, size)) : random.list(random.int(1, 4), () => random.int(0, size - 1));
  const index: Plain = { shape: [positions.length], data: positions };
  const [what, ours, change] = f(random, axis, index);
  return call(`base ${base.shape.join("x")}, axis ${axis}, places ${positions.join(" ")}${what}`, [base, random.array(base.shape.with(axis, positions.length))], (a, b) => ours(a as Tensor, b as Tensor), (a, b) => {
    const data = [...a.data];
    for (const each of indicesOf(b.shape)) {
      const position = positionOf(a.shape, replaced(each, axis, get(positions, get(each, counted(axis, each.length)))));
      data[position] = change(get(data, position), at(b, ...each));
    }
    return { shape: a.shape, data };
  });
};

/** Functions that read at computed indices. */
export const reading: Entries = {
  gather: (random) => {
    const x = random.array(random.shape([1, 3]));
    const axis = random.axis(x.shape.length);
    const index = indexFor(random, x, axis);
    return call(`x ${x.shape.join("x")}, axis ${axis}, index ${index.shape.join("x")}`, [x], (a) => nn.gather(a as Tensor, int32(index), axis), (a) => make(index.shape, (each) => at(a, ...replaced(each, axis, at(index, ...each)))));
  },
  takeAlongAxis: (random) => {
    const x = random.array(random.shape([1, 3]));
    const axis = random.axis(x.shape.length);
    const index = random.integers(x.shape.map((size, each) => (each === counted(axis, x.shape.length) ? random.int(1, 3) : random.bool() ? 1 : size)), 0, get(x.shape, axis) - 1);
    return call(`x ${x.shape.join("x")}, axis ${axis}, index ${index.shape.join("x")}`, [x], (a) => nn.takeAlongAxis(a as Tensor, int32(index), axis), (a) =>
      make(a.shape.map((size, each) => (each === counted(axis, a.shape.length) ? get(index.shape, each) : size)), (each) => at(a, ...replaced(each, axis, atBroadcast(index, each)))));
  },
  indexSelect: (random) => {
    const x = random.array(random.shape([1, 3]));
    const axis = random.axis(x.shape.length);
    const size = get(x.shape, axis);
    const index = random.integers([random.int(1, 5)], 0, size - 1);
    return call(`x ${x.shape.join("x")}, axis ${axis}, at ${index.data.join(" ")}`, [x], (a) => nn.indexSelect(a as Tensor, int32(index), axis), (a) =>
      make(a.shape.with(axis, index.data.length), (each) => at(a, ...replaced(each, axis, get(index.data, get(each, counted(axis, each.length)))))));
  },
  take: (random) => {
    const x = random.array(random.shape([1, 3]));
    const index = random.integers(random.shape([1, 2]), 0, sizeOf(x.shape) - 1);
    return call(`x ${x.shape.join("x")}, at ${index.data.join(" ")}`, [x], (a) => nn.take(a as Tensor, int32(index)), (a) => make(index.shape, (each) => get(a.data, at(index, ...each))));
  },
  indexAt: (random) => {
    const x = random.array(random.list(random.int(2, 3), () => random.int(1, 4)));
    const count = random.int(1, x.shape.length);
    const shape = random.shape([1, 2]);
    const skipped = random.bool(0.3) ? 0 : -1;
    const indices = random.list(count, (axis) => (axis === skipped ? null : random.integers(random.bool() ? shape : shape.with(0, 1), 0, get(x.shape, axis) - 1)));
    if (indices.every((each) => each === null)) return reading["take"]?.(random) ?? missing();
    const given = indices.flatMap((each) => (each === null ? [] : [each]));
    const joint = broadcastShape(...given.map((each) => each.shape));
    const before = skipped === 0 ? x.shape.slice(0, 1) : [];
    return call(`x ${x.shape.join("x")}, indices ${indices.map((each) => each?.shape.join("x") ?? "null").join(", ")}`, [x], (a) => nn.indexAt(a as Tensor, indices.map((each) => (each === null ? null : int32(each)))), (a) =>
      make([...before, ...joint, ...a.shape.slice(count)], (each) => {
        const [outer, middle, rest] = [each.slice(0, before.length), each.slice(before.length, before.length + joint.length), each.slice(before.length + joint.length)];
        return at(a, ...outer, ...given.map((index) => atBroadcast(index, middle)), ...rest);
      }));
  },
  embedding: (random) => {
    const table = random.array([random.int(1, 5), random.int(1, 3)]);
    const index = random.integers(random.shape([1, 2]), 0, get(table.shape, 0) - 1);
    return call(`table ${table.shape.join("x")}, index ${index.data.join(" ")}`, [table], (a) => nn.embedding(int32(index), a as Tensor), (a) => make([...index.shape, get(a.shape, 1)], (each) => at(a, at(index, ...each.slice(0, -1)), get(each, -1))));
  },
  embeddingBag: (random) => {
    const table = random.array([random.int(2, 5), random.int(1, 3)]);
    const mode = random.pick(["sum", "mean", "max"] as const);
    const index = random.integers([random.int(1, 3), random.int(1, 4)], 0, get(table.shape, 0) - 1);
    const weights = mode === "sum" && random.bool() ? random.array(index.shape) : undefined;
    const paddingIndex = random.maybe(() => random.int(0, get(table.shape, 0) - 1));
    return call(`table ${table.shape.join("x")}, ${mode}, index ${index.shape.join("x")}: ${index.data.join(" ")}, padding ${paddingIndex}`, [table, ...(weights === undefined ? [] : [weights])],
      (a, b) => nn.embeddingBag(int32(index), a as Tensor, { mode, perSampleWeights: b, paddingIndex }), (a, b) =>
        make([get(index.shape, 0), get(a.shape, 1)], ([bag = 0, feature = 0]) => {
          const row = Array.from({ length: get(index.shape, 1) }, (_, step) => step).filter((step) => at(index, bag, step) !== paddingIndex);
          const values = row.map((step) => at(a, at(index, bag, step), feature) * (b === undefined ? 1 : at(b, bag, step)));
          return values.length === 0 ? 0 : reducers[mode](values);
        }), { differentiable: paddingIndex === undefined });
  },
};

function missing(): never {
  throw new TypeError("no such entry");
}

/** Functions that write at computed indices. */
export const writing: Entries = {
  scatterAdd: scatter((_, axis, index) => ["", (a, b) => nn.scatterAdd(a, int32(index), b, axis), (a, b) => scattered(a, index, axis, (each) => at(b, ...each), (old, update) => old + update)]),
  scatter: scatter((random, axis, index) => {
    if (random.bool()) return ["", (a, b) => nn.scatter(a, int32(index), b, axis), (a, b) => scattered(a, index, axis, (each) => at(b, ...each), (_, update) => update)];
    const value = random.real();
    return [` value ${value}`, (a) => nn.scatter(a, int32(index), value, axis), (a) => scattered(a, index, axis, () => value, (_, update) => update)];
  }, true),
  scatterReduce: scatter((random, axis, index) => {
    const [how, includeSelf] = [random.pick(["sum", "mean", "prod", "max", "min"] as const), random.bool()];
    return [` ${how} includeSelf ${includeSelf}`, (a, b) => nn.scatterReduce(a, int32(index), b, axis, how, { includeSelf }), (a, b) => {
      const lists = a.data.map((value) => (includeSelf ? [value] : []));
      for (const each of indicesOf(index.shape)) get(lists, positionOf(a.shape, replaced(each, axis, at(index, ...each)))).push(at(b, ...each));
      return { shape: a.shape, data: lists.map((values, position) => (values.length === 0 ? get(a.data, position) : reducers[how](values))) };
    }];
  }),
  indexAdd: rows((random, axis, index) => {
    const alpha = random.pick([1, -0.5, 2]);
    return [` alpha ${alpha}`, (a, b) => nn.indexAdd(a, int32(index), b, axis, { alpha }), (old, update) => old + alpha * update];
  }),
  indexCopy: rows((_, axis, index) => ["", (a, b) => nn.indexCopy(a, int32(index), b, axis), (_old, update) => update], true),
  indexFill: (random) => {
    const base = random.array(random.shape([1, 3]));
    const axis = random.axis(base.shape.length);
    const [index, value] = [random.integers([random.int(1, 3)], 0, get(base.shape, axis) - 1), random.real()];
    return call(`base ${base.shape.join("x")}, axis ${axis}, at ${index.data.join(" ")}`, [base], (a) => nn.indexFill(a as Tensor, int32(index), value, axis), (a) =>
      make(a.shape, (each) => (index.data.includes(get(each, counted(axis, each.length))) ? value : at(a, ...each))));
  },
  indexPut: (random) => {
    const base = random.array([random.int(1, 4), random.int(1, 4)]);
    const accumulate = random.bool();
    const all = indicesOf(base.shape);
    const chosen = accumulate ? random.list(random.int(1, 5), () => random.pick(all)) : random.shuffled(all).slice(0, random.int(1, all.length));
    const line = (axis: number): Plain => ({ shape: [chosen.length], data: chosen.map((each) => get(each, axis)) });
    return call(`base ${base.shape.join("x")}, accumulate ${accumulate}, at ${chosen.join(" | ")}`, [base, random.array([chosen.length])],
      (a, b) => nn.indexPut(a as Tensor, [int32(line(0)), int32(line(1))], b as Tensor, { accumulate }), (a, b) => {
        const data = [...a.data];
        for (const [turn, each] of chosen.entries()) data[positionOf(a.shape, each)] = (accumulate ? at(a, ...each) - at(a, ...each) + get(data, positionOf(a.shape, each)) : 0) + get(b.data, turn);
        return { shape: a.shape, data };
      });
  },
  maskedScatter: (random) => {
    const base = random.array(random.shape([1, 3]));
    const mask = random.integers(base.shape, 0, 1);
    return call(`base ${base.shape.join("x")}, mask ${mask.data.join("")}`, [base, random.array([sizeOf(base.shape)])], (a, b) => nn.maskedScatter(a as Tensor, bool(mask), b as Tensor), (a, b) => {
      let next = 0;
      return { shape: a.shape, data: a.data.map((value, position) => (mask.data[position] === 1 ? get(b.data, next++) : value)) };
    });
  },
};
