import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { at, concat, get, make, narrow, permute, reshape, sizeOf, sum, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries, type Entry } from "./trial.js";

const one = (f: (random: Random, x: Plain) => readonly [what: string, ours: (x: Tensor) => Tensor | readonly Tensor[], plain: (x: Plain) => Plain | readonly Plain[]],
  ranks: readonly [number, number] = [1, 4], sizes: readonly [number, number] = [1, 4]): Entry => (random) => {
  const x = random.array(random.shape(ranks, sizes));
  const [what, ours, plain] = f(random, x);
  return call(`x ${x.shape.join("x")}, ${what}`, [x], (a) => ours(a as Tensor), (a) => plain(a));
};

const counted = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
const swapped = <T>(list: readonly T[], a: number, b: number): T[] => list.map((each, at) => (at === a ? get(list, b) : at === b ? get(list, a) : each));
const axes = (x: Plain): number[] => x.shape.map((_, axis) => axis);
const turn = (x: Plain, from: number, to: number): Plain => {
  const swap = permute(x, swapped(axes(x), from, to));
  return make(swap.shape, (index) => at(swap, ...index.map((each, axis) => (axis === from ? get(swap.shape, from) - 1 - each : each))));
};

const partsOf = (x: Plain, sizes: readonly number[], axis: number): Plain[] => sizes.map((size, which) => narrow(x, axis, sum(sizes.slice(0, which)), size));

/** Functions that move elements to other positions. */
export const movement: Entries = {
  reshape: one((random, x) => {
    const shape = random.shuffled(x.shape);
    const open = random.bool() ? random.int(0, shape.length - 1) : -1;
    return [`to ${shape.join("x")}`, (a) => nn.reshape(a, shape.map((size, axis) => (axis === open ? -1 : size))), (a) => reshape(a, shape)];
  }),
  flatten: one((random, x) => {
    const start = random.int(0, x.shape.length - 1);
    const end = random.int(start, x.shape.length - 1);
    return [`${start} to ${end}`, (a) => nn.flatten(a, start, end), (a) => reshape(a, [...x.shape.slice(0, start), sizeOf(x.shape.slice(start, end + 1)), ...x.shape.slice(end + 1)])];
  }),
  unflatten: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const [size, position] = [get(x.shape, axis), counted(axis, x.shape.length)];
    const sizes = random.pick([[size, 1], [1, size], [1, -1]]);
    return [`axis ${axis}`, (a) => nn.unflatten(a, axis, sizes), (a) => reshape(a, [...x.shape.slice(0, position), ...sizes.map((each) => (each === -1 ? size : each)), ...x.shape.slice(position + 1)])];
  }),
  permute: one((random, x) => {
    const order = random.shuffled(axes(x)).map((axis) => (random.bool() ? axis : axis - x.shape.length));
    return [order.join(), (a) => nn.permute(a, order), (a) => permute(a, order)];
  }),
  transpose: one((random, x) => {
    const [from, to] = [random.axis(x.shape.length), random.axis(x.shape.length)];
    return [`${from}, ${to}`, (a) => nn.transpose(a, from, to), (a) => permute(a, swapped(axes(x), counted(from, x.shape.length), counted(to, x.shape.length)))];
  }, [2, 4]),
  moveAxis: one((random, x) => {
    const rank = x.shape.length;
    const [from, to] = [random.axis(rank), random.axis(rank)];
    const order = axes(x).filter((axis) => axis !== counted(from, rank));
    order.splice(counted(to, rank), 0, counted(from, rank));
    return [`${from} to ${to}`, (a) => nn.moveAxis(a, from, to), (a) => permute(a, order)];
  }),
  expand: one((random, x) => {
    const shape = [...random.list(random.int(0, 2), () => random.int(1, 3)), ...x.shape.map((size) => (size === 1 ? random.int(1, 3) : size))];
    return [`to ${shape.join("x")}`, (a) => nn.expand(a, shape), (a) => make(shape, (index) => at(a, ...a.shape.map((size, axis) => (size === 1 ? 0 : get(index, axis + shape.length - a.shape.length)))))];
  }, [0, 3], [1, 2]),
  squeeze: one((random, x) => {
    const ones = axes(x).filter((axis) => x.shape[axis] === 1);
    const which = ones.length > 0 && random.bool() ? random.pick(ones) : undefined;
    return [String(which), (a) => nn.squeeze(a, which), (a) => reshape(a, x.shape.filter((size, axis) => (which === undefined ? size !== 1 : axis !== which)))];
  }, [1, 4], [1, 2]),
  unsqueeze: one((random, x) => {
    const axis = random.axis(x.shape.length + 1);
    return [String(axis), (a) => nn.unsqueeze(a, axis), (a) => reshape(a, x.shape.toSpliced(counted(axis, x.shape.length + 1), 0, 1))];
  }, [0, 3]),
  flip: one((random, x) => {
    const which = random.maybe(() => random.axis(x.shape.length));
    return [String(which), (a) => nn.flip(a, which), (a) => make(a.shape, (index) =>
      at(a, ...index.map((each, axis) => (which === undefined || axis === counted(which, a.shape.length) ? get(a.shape, axis) - 1 - each : each))))];
  }),
  rot90: one((random) => {
    const times = random.int(-2, 5);
    return [String(times), (a) => nn.rot90(a, times), (a) => Array.from({ length: ((times % 4) + 4) % 4 }).reduce<Plain>((turned) => turn(turned, 0, 1), a)];
  }, [2, 3]),
  roll: one((random, x) => {
    const [shift, axis] = [random.int(-5, 5), random.maybe(() => random.axis(x.shape.length))];
    const rolled = (a: Plain, along: number): Plain => make(a.shape, (index) => {
      const size = get(a.shape, along);
      return at(a, ...index.map((each, on) => (on === along ? (((each - shift) % size) + size) % size : each)));
    });
    return [`${shift}, axis ${axis}`, (a) => nn.roll(a, shift, axis), (a) => (axis === undefined ? reshape(rolled(reshape(a, [sizeOf(a.shape)]), 0), a.shape) : rolled(a, counted(axis, a.shape.length)))];
  }),
  tile: one((random, x) => {
    const times = random.list(random.int(1, x.shape.length + 1), () => random.int(1, 3));
    const rank = Math.max(times.length, x.shape.length);
    const padded = <T>(list: readonly T[], value: T): T[] => [...Array.from({ length: rank - list.length }, () => value), ...list];
    return [times.join(), (a) => nn.tile(a, times), (a) => {
      const wide = reshape(a, padded(a.shape, 1));
      return make(wide.shape.map((size, axis) => size * get(padded(times, 1), axis)), (index) => at(wide, ...index.map((each, axis) => each % get(wide.shape, axis))));
    }];
  }),
  repeatInterleave: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const repeats = random.bool() ? random.int(1, 3) : random.list(get(x.shape, axis), () => random.int(0, 3));
    const from = Array.from({ length: get(x.shape, axis) }, (_, step) => step).flatMap((step) => Array.from({ length: typeof repeats === "number" ? repeats : get(repeats, step) }, () => step));
    return [`${String(repeats)}, axis ${axis}`, (a) => nn.repeatInterleave(a, repeats, axis), (a) =>
      make(a.shape.with(axis, from.length), (index) => at(a, ...index.map((each, on) => (on === counted(axis, a.shape.length) ? get(from, each) : each))))];
  }),
  slice: one((random, x) => {
    const ranges = x.shape.map((size) => ({ start: random.int(0, size - 1), step: random.pick([1, 2, undefined]), stop: random.pick([undefined, size]) }));
    return [JSON.stringify(ranges), (a) => nn.slice(a, ranges), (a) =>
      make(a.shape.map((size, axis) => Math.ceil((size - get(ranges, axis).start) / (get(ranges, axis).step ?? 1))), (index) => at(a, ...index.map((each, axis) => get(ranges, axis).start + each * (get(ranges, axis).step ?? 1))))];
  }),
  narrow: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const start = random.int(0, get(x.shape, axis) - 1);
    const length = random.int(1, get(x.shape, axis) - start);
    return [`axis ${axis} from ${start}, ${length}`, (a) => nn.narrow(a, axis, start, length), (a) => narrow(a, axis, start, length)];
  }),
  select: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const position = random.axis(get(x.shape, axis));
    return [`axis ${axis} at ${position}`, (a) => nn.select(a, axis, position), (a) => {
      const kept = narrow(a, axis, counted(position, get(a.shape, axis)), 1);
      return reshape(kept, a.shape.toSpliced(counted(axis, a.shape.length), 1));
    }];
  }),
  split: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const size = get(x.shape, axis);
    const first = random.int(0, size);
    const each = random.int(1, size);
    if (random.bool()) return [`into ${first}, ${size - first}`, (a) => nn.split(a, [first, size - first], axis), (a) => partsOf(a, [first, size - first], axis)];
    return [`by ${each}`, (a) => nn.split(a, each, axis), (a) => partsOf(a, Array.from({ length: Math.ceil(size / each) }, (_, which) => Math.min(each, size - which * each)), axis)];
  }),
  chunk: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const [count, size] = [random.int(1, 3), get(x.shape, axis)];
    const each = Math.ceil(size / count);
    return [`${count} chunks`, (a) => nn.chunk(a, count, axis), (a) => partsOf(a, Array.from({ length: Math.ceil(size / each) }, (_, which) => Math.min(each, size - which * each)), axis)];
  }),
  tensorSplit: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const [count, size] = [random.int(1, 3), get(x.shape, axis)];
    return [`${count} parts`, (a) => nn.tensorSplit(a, count, axis), (a) => partsOf(a, Array.from({ length: count }, (_, which) => Math.floor(size / count) + (which < size % count ? 1 : 0)), axis)];
  }),
  unbind: one((random, x) => {
    const axis = random.axis(x.shape.length);
    return [`axis ${axis}`, (a) => nn.unbind(a, axis), (a) =>
      partsOf(a, Array.from({ length: get(a.shape, axis) }, () => 1), axis).map((each) => reshape(each, a.shape.toSpliced(counted(axis, a.shape.length), 1)))];
  }),
  tril: one((random) => {
    const diagonal = random.int(-2, 2);
    return [String(diagonal), (a) => nn.tril(a, diagonal), (a) => make(a.shape, (index) => (get(index, -1) - get(index, -2) <= diagonal ? at(a, ...index) : 0))];
  }, [2, 3]),
  triu: one((random) => {
    const diagonal = random.int(-2, 2);
    return [String(diagonal), (a) => nn.triu(a, diagonal), (a) => make(a.shape, (index) => (get(index, -1) - get(index, -2) >= diagonal ? at(a, ...index) : 0))];
  }, [2, 3]),
  diagonal: one((random, x) => {
    const [rows, columns] = [get(x.shape, -2), get(x.shape, -1)];
    const offset = random.int(1 - rows, columns - 1);
    const length = offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns);
    return [`offset ${offset}`, (a) => nn.diagonal(a, offset), (a) => make([...a.shape.slice(0, -2), length], (index) =>
      at(a, ...index.slice(0, -1), get(index, -1) + Math.max(0, -offset), get(index, -1) + Math.max(0, offset)))];
  }, [2, 3]),
  diagEmbed: one((random) => {
    const offset = random.int(-2, 2);
    return [`offset ${offset}`, (a) => nn.diagEmbed(a, offset), (a) => embedded(a, offset)];
  }, [1, 3], [1, 3]),
  diag: one((random) => {
    const offset = random.int(-2, 2);
    return [`offset ${offset}`, (a) => nn.diag(a, offset), (a) => embedded(a, offset)];
  }, [1, 1]),
  diagFlat: one((random) => {
    const offset = random.int(-2, 2);
    return [`offset ${offset}`, (a) => nn.diagFlat(a, offset), (a) => embedded(reshape(a, [sizeOf(a.shape)]), offset)];
  }, [1, 2]),
  slidingWindows: one((random, x) => {
    const axis = random.axis(x.shape.length);
    const [size, step] = [random.int(1, get(x.shape, axis)), random.int(1, 2)];
    const count = Math.floor((get(x.shape, axis) - size) / step) + 1;
    return [`axis ${axis}, size ${size}, step ${step}`, (a) => nn.slidingWindows(a, axis, size, step), (a) =>
      make([...a.shape.with(axis, count), size], (index) => at(a, ...index.slice(0, -1).map((each, on) => (on === counted(axis, a.shape.length) ? each * step + get(index, -1) : each))))];
  }),
};

function embedded(x: Plain, offset: number): Plain {
  const size = get(x.shape, -1) + Math.abs(offset);
  return make([...x.shape.slice(0, -1), size, size], (index) => {
    const [row, column] = [get(index, -2), get(index, -1)];
    return column - row === offset ? at(x, ...index.slice(0, -2), row - Math.max(0, -offset)) : 0;
  });
}

const several = (f: (random: Random) => readonly [what: string, shapes: readonly (readonly number[])[], ours: (xs: readonly Tensor[]) => Tensor | readonly Tensor[], plain: (xs: readonly Plain[]) => Plain | readonly Plain[]]): Entry => (random) => {
  const [what, shapes, ours, plain] = f(random);
  return call(what, shapes.map((shape) => random.array(shape)), (...xs) => ours(xs), (...xs) => plain(xs));
};

const unsqueeze = (x: Plain, axis: number): Plain => reshape(x, x.shape.toSpliced(axis, 0, 1));
const joined = (random: Random, axis: number, rank: number): number[][] => {
  const shape = random.list(rank, () => random.int(1, 3));
  return random.list(random.int(1, 3), () => shape.with(axis, random.int(1, 3)));
};
const grid = (xs: readonly Plain[], axis: (at: number) => number): Plain[] => {
  const shape = xs.map((_, at) => get(get(xs, axis(at)).shape, 0));
  return xs.map((x, which) => make(shape, (index) => get(x.data, get(index, axis(which)))));
};

/** Functions of several tensors that only move elements. */
export const joining: Entries = {
  concat: several((random) => {
    const rank = random.int(1, 3);
    const axis = random.axis(rank);
    const shapes = joined(random, axis, rank);
    return [`${shapes.join(" | ")}, axis ${axis}`, shapes, (xs) => nn.concat(xs, axis), (xs) => concat(xs, axis)];
  }),
  stack: several((random) => {
    const shape = random.shape([0, 2]);
    const axis = random.axis(shape.length + 1);
    return [`${shape.join("x")}, axis ${axis}`, random.list(random.int(1, 3), () => shape), (xs) => nn.stack(xs, axis), (xs) => concat(xs.map((x) => unsqueeze(x, counted(axis, shape.length + 1))), counted(axis, shape.length + 1))];
  }),
  hstack: several((random) => {
    const rank = random.int(1, 3);
    const axis = rank === 1 ? 0 : 1;
    return [`rank ${rank}`, joined(random, axis, rank), nn.hstack, (xs) => concat(xs, axis)];
  }),
  vstack: several((random) => {
    const rank = random.int(1, 3);
    if (rank > 1) return [`rank ${rank}`, joined(random, 0, rank), nn.vstack, (xs) => concat(xs, 0)];
    return ["rank 1", random.list(2, () => [3]), nn.vstack, (xs) => concat(xs.map((x) => unsqueeze(x, 0)), 0)];
  }),
  dstack: several((random) => {
    const shape = random.shape([1, 2]);
    return [shape.join("x"), random.list(2, () => shape), nn.dstack, (xs) => concat(xs.map((x) => unsqueeze(x.shape.length === 1 ? unsqueeze(x, 0) : x, 2)), 2)];
  }),
  meshGrid: several((random) => {
    const [count, indexing] = [random.int(1, 3), random.pick(["ij", "xy"] as const)];
    const axis = (which: number): number => (indexing === "xy" && count > 1 && which < 2 ? 1 - which : which);
    return [`${count}, ${indexing}`, random.list(count, () => [random.int(1, 3)]), (xs) => nn.meshGrid(xs, { indexing }), (xs) => grid(xs, axis)];
  }),
  cartesianProduct: several((random) => [
    "", random.list(random.int(2, 3), () => [random.int(1, 3)]), nn.cartesianProduct,
    (xs) => concat(grid(xs, (which) => which).map((x) => reshape(x, [sizeOf(x.shape), 1])), 1),
  ]),
  blockDiag: several((random) => {
    const shapes = random.list(random.int(1, 3), () => [random.int(1, 3), random.int(1, 3)]);
    return [shapes.join(" | "), shapes, nn.blockDiag, (xs) => make([sum(xs.map((x) => get(x.shape, 0))), sum(xs.map((x) => get(x.shape, 1)))], ([row = 0, column = 0]) => {
      let [top, left] = [0, 0];
      for (const x of xs) {
        if (row >= top && column >= left && row < top + get(x.shape, 0) && column < left + get(x.shape, 1)) return at(x, row - top, column - left);
        top += get(x.shape, 0);
        left += get(x.shape, 1);
      }
      return 0;
    })];
  }),
};
