import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  arange, blockDiag, chunk, concat, cos, diagEmbed, diagonal, flatten, flip, fold, full, moveAxis, narrow, pad, permute, repeatInterleave,
  reshape, roll, rot90, sin, slice, slidingWindows, split, squeeze, stack, tensorSplit, tile, transpose, tril, triu, unbind, unflatten,
  unfold, unsqueeze, type Index, type Tensor,
} from "../../src/index.js";

/** A tensor whose elements are all different, so that a misplaced one shows. */
const numbered = (shape: readonly number[]): Tensor => arange(shape.reduce((a, b) => a * b, 1), { dtype: "int32" }).reshape(shape);
const shapes = (minimum = 0): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 0, max: 4 }), { minLength: minimum, maxLength: 4 });
const tensors = (minimum = 0): fc.Arbitrary<Tensor> => shapes(minimum).map(numbered);
const withAxis: fc.Arbitrary<[Tensor, number]> = tensors(1).chain((x) => fc.tuple(fc.constant(x), fc.integer({ min: -x.rank, max: x.rank - 1 })));

function expectSame(got: Tensor, want: Tensor): void {
  expect({ shape: got.shape, dtype: got.dtype, values: got.toArray() }).toEqual({ shape: want.shape, dtype: want.dtype, values: want.toArray() });
}

const always = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void): void => fc.assert(fc.property(arbitrary, check), { numRuns: 60, seed: 1 });

describe("an operation and its inverse restore the tensor", () => {
  test("reshape", () => always(tensors(), (x) => {
    expectSame(reshape(reshape(x, [x.size]), x.shape), x);
    expectSame(reshape(flatten(x), x.shape), x);
  }));

  test("flatten and unflatten", () => always(tensors(2).chain((x) => fc.tuple(fc.constant(x), fc.integer({ min: 0, max: x.rank - 2 }))), ([x, axis]) => {
    expectSame(unflatten(flatten(x, axis, axis + 1), axis, x.shape.slice(axis, axis + 2)), x);
  }));

  test("permute, and its effect on single elements", () => always(
    tensors().chain((x) => fc.tuple(fc.constant(x), fc.shuffledSubarray(x.shape.map((_, axis) => axis), { minLength: x.rank }))),
    ([x, axes]) => {
      const permuted = permute(x, axes);
      expectSame(permute(permuted, axes.map((_, axis) => axes.indexOf(axis))), x);
      if (x.size === 0) return;
      const at = x.shape.map((length, axis) => (axis * 7 + 1) % length);
      expectSame(slice(permuted, axes.map((axis) => at[axis] as number)), slice(x, at));
    },
  ));

  test("transpose, moveAxis, flip, roll and rot90", () => always(fc.tuple(withAxis, fc.integer({ min: -9, max: 9 })), ([[x, axis], shift]) => {
    expectSame(transpose(transpose(x, 0, axis), 0, axis), x);
    expectSame(moveAxis(moveAxis(x, axis, 0), 0, axis), x);
    expectSame(flip(flip(x, axis), axis), x);
    expectSame(roll(roll(x, shift, axis), -shift, axis), x);
    expectSame(roll(roll(x, shift), -shift), x);
    if (x.rank > 1) expectSame(rot90(rot90(x, shift, [0, 1]), -shift, [0, 1]), x);
  }));

  test("unsqueeze and squeeze", () => always(withAxis, ([x, axis]) => {
    expectSame(squeeze(unsqueeze(x, axis), axis), x);
  }));

  test("split, chunk, tensorSplit and unbind", () => always(fc.tuple(withAxis, fc.integer({ min: 1, max: 6 })), ([[x, axis], parts]) => {
    expectSame(concat(split(x, parts, axis), axis), x);
    expectSame(concat(chunk(x, parts, axis), axis), x);
    expectSame(concat(tensorSplit(x, parts, axis), axis), x);
    expect(tensorSplit(x, parts, axis).length).toBe(parts);
    if (x.shape.at(axis) !== 0) expectSame(stack(unbind(x, axis), axis), x);
  }));

  test("pad with negative widths", () => always(
    tensors(1).chain((x) => fc.tuple(fc.constant(x), fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: x.rank }))),
    ([x, widths]) => expectSame(pad(pad(x, widths, { value: -1 }), widths.map(([before, after]) => [-before, -after] as const)), x),
  ));

  test("diagonal and diagEmbed", () => always(fc.tuple(tensors(1), fc.integer({ min: -3, max: 3 })), ([x, offset]) => {
    expectSame(diagonal(diagEmbed(x, offset), offset), x);
  }));
});

describe("slice", () => {
  const bound = fc.option(fc.integer({ min: -7, max: 7 }), { nil: undefined });
  const range = fc.record({ start: bound, stop: bound, step: fc.option(fc.integer({ min: -3, max: 3 }).filter((step) => step !== 0), { nil: undefined }) });

  /** The positions that Python's slice(start, stop, step).indices(length) walks over. */
  function positions({ start, stop, step = 1 }: { start?: number | undefined; stop?: number | undefined; step?: number | undefined }, length: number): number[] {
    const fromFront = (position: number): number => (position < 0 ? position + length : position);
    const first = start === undefined ? (step > 0 ? 0 : length - 1) : fromFront(start);
    const end = stop === undefined ? (step > 0 ? length : -1) : fromFront(stop);
    // Walking from far outside instead of clamping: only what lies within counts.
    const result: number[] = [];
    const begin = step > 0 ? Math.max(first, 0) : Math.min(first, length - 1);
    for (let at = begin; step > 0 ? at < end : at > end; at += step) if (at >= 0 && at < length) result.push(at);
    return result;
  }

  test("takes the elements that Python takes", () => always(fc.tuple(fc.integer({ min: 0, max: 6 }), range), ([length, each]) => {
    expect(slice(numbered([length]), [each]).toArray()).toEqual(positions(each, length));
    expect(slice(numbered([2, length]), ["...", each]).slice([1]).toArray()).toEqual(positions(each, length).map((at) => length + at));
  }));

  test("gives the same axis by axis", () => always(fc.tuple(range, range), ([first, second]) => {
    const x = numbered([4, 5]);
    expectSame(slice(x, [first, second]), slice(slice(x, [first]), [null, second]));
  }));

  test("drops axes, inserts axes, and has an ellipsis", () => {
    const x = numbered([2, 3, 4]);
    const cases: [Index[], number[]][] = [
      [[], [2, 3, 4]], [["..."], [2, 3, 4]], [[0], [3, 4]], [[null, -1], [2, 4]], [["...", 0], [2, 3]], [["newAxis", 1, "...", "newAxis"], [1, 3, 4, 1]],
      [[0, "...", { stop: 2 }], [3, 2]], [[1, 2, "...", 3], []], [[{ start: 5 }], [0, 3, 4]], [[undefined, { step: 2 }], [2, 2, 4]],
    ];
    for (const [indices, shape] of cases) expect(slice(x, indices).shape).toEqual(shape);
  });
});

describe("padding", () => {
  const modes = ["reflect", "replicate", "circular"] as const;

  test("puts the element that the mode prescribes at every position", () => always(
    fc.integer({ min: 2, max: 5 }).chain((length) => fc.tuple(fc.constant(length), fc.nat(length - 1), fc.nat(length - 1))),
    ([length, before, after]) => {
      const sources = {
        reflect: (at: number) => (at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at),
        replicate: (at: number) => Math.min(Math.max(at, 0), length - 1),
        circular: (at: number) => (at + length) % length,
      };
      for (const mode of modes) {
        const expected = Array.from({ length: before + length + after }, (_, at) => sources[mode](at - before));
        expect(pad(numbered([length]), [[before, after]], { mode }).toArray()).toEqual(expected);
        expectSame(pad(numbered([3, length]), [[1, 1], [before, after]], { mode }).slice([1, { start: before, stop: before + length }]), numbered([length]));
      }
    },
  ));

  test("keeps bools", () => {
    expect(pad(full([1], true), [[1, 0]]).toArray()).toEqual([false, true]);
  });
});

test("tile repeats the whole tensor, repeatInterleave its elements", () => always(fc.tuple(withAxis, fc.nat(3)), ([[x, axis], times]) => {
  const counts = x.shape.map((_, at) => (at === (axis + x.rank) % x.rank ? times : 1));
  const tiled = tile(x, counts);
  expect(tiled.shape).toEqual(x.shape.map((length, at) => length * (counts[at] as number)));
  if (times > 0) expectSame(tiled, concat(new Array<Tensor>(times).fill(x), axis));
  const repeated = repeatInterleave(x, times, axis);
  expectSame(repeated, repeatInterleave(x, new Array<number>(x.shape.at(axis) as number).fill(times), axis));
  if (times > 0) expectSame(slice(moveAxis(repeated, axis, 0), [{ step: times }]), moveAxis(x, axis, 0));
}));

test("tril and triu together hold all elements", () => always(fc.tuple(tensors(2), fc.integer({ min: -4, max: 4 })), ([x, border]) => {
  expectSame(tril(x, border).add(triu(x, border + 1)), x);
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const mask = tril(full([rows, columns], 1, { dtype: "int32" }), border).toArray();
  expect(mask).toEqual(Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (__, column) => Number(column - row <= border))));
}));

test("tril and triu replace what they cut away by 0, also NaN", () => {
  const x = full([2, 2], NaN);
  expect(tril(x, -2).toArray()).toEqual([[0, 0], [0, 0]]);
  expect(triu(x, 2).toArray()).toEqual([[0, 0], [0, 0]]);
});

test("blockDiag has its blocks on the diagonal", () => {
  expect(blockDiag([full([], 1), full([2], 2), full([2, 1], 3)]).toArray()).toEqual([[1, 0, 0, 0], [0, 2, 2, 0], [0, 0, 0, 3], [0, 0, 0, 3]]);
});

test("windows are slices", () => always(
  withAxis.filter(([x, axis]) => (x.shape.at(axis) as number) > 0).chain(([x, axis]) =>
    fc.tuple(fc.constant(x), fc.constant(axis), fc.integer({ min: 1, max: x.shape.at(axis) as number }), fc.integer({ min: 1, max: 3 }))),
  ([x, axis, size, step]) => {
    const windows = slidingWindows(x, axis, size, step);
    const at = (axis + x.rank) % x.rank;
    for (let position = 0; position < (windows.shape[at] as number); position++) {
      const window = moveAxis(narrow(x, axis, position * step, size), axis, -1);
      expectSame(slice(windows, [...new Array<null>(at).fill(null), position]), window);
    }
  },
));

test("fold is the adjoint of unfold", () => {
  const cases = [
    { kernel: 2, options: {} }, { kernel: [3, 2] as const, options: { stride: [1, 2] as const, padding: 1 } }, { kernel: 2, options: { dilation: 2, padding: [0, 1] as const } },
  ];
  for (const { kernel, options } of cases) {
    const x = sin(numbered([2, 3, 5, 6]).cast("float64"));
    const columns = unfold(x, kernel, options);
    const y = cos(numbered(columns.shape).cast("float64"));
    const inner = (a: Tensor, b: Tensor): number => a.mul(b).sum().item();
    expect(inner(columns, y)).toBeCloseTo(inner(x, fold(y, [5, 6], kernel, options)), 9);
  }
});
