import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as nn from "../../src/index.js";
import type { AvgPoolOptions, MaxPoolOptions, Tensor } from "../../src/index.js";

/** One spatial axis of a pooling. */
interface Axis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly low: number;
  readonly high: number;
  readonly dilation: number;
}

/** The number of windows by PyTorch's rule: a last one that sticks out counts if it starts inside of the input or before. */
function windowCount({ size, window, stride, low, high, dilation }: Axis, ceil: boolean): number {
  const rest = size + low + high - dilation * (window - 1) - 1;
  const count = Math.floor((rest + (ceil ? stride - 1 : 0)) / stride) + 1;
  // Where padding is longer than the window, which PyTorch refuses, windows that fit may start in it.
  return ceil && rest % stride !== 0 && (count - 1) * stride >= size + low ? count - 1 : count;
}

/** What lies under each window, in places of the axis; `undefined` is padding as asked for, what sticks out is left out. */
function positionsUnder(axis: Axis, ceil: boolean): (number | undefined)[][] {
  return Array.from({ length: windowCount(axis, ceil) }, (_, at) =>
    Array.from({ length: axis.window }, (__, tap) => at * axis.stride + tap * axis.dilation - axis.low)
      .filter((position) => position < axis.size + axis.high)
      .map((position) => (position >= 0 && position < axis.size ? position : undefined)));
}

const pools = {
  1: { max: nn.maxPool1d, avg: nn.avgPool1d, lp: nn.lpPool1d }, 2: { max: nn.maxPool2d, avg: nn.avgPool2d, lp: nn.lpPool2d },
  3: { max: nn.maxPool3d, avg: nn.avgPool3d, lp: nn.lpPool3d },
} as const;

/** All combinations of one of each list. */
function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((found, list) => found.flatMap((each) => list.map((next) => [...each, next])), [[]]);
}

/** The elements that a pooling gives, or that it refuses a window without elements. */
function outcomeOf(pool: () => Tensor): readonly number[] | string {
  try {
    return Array.from(pool().toTypedArray());
  } catch (error) {
    return /^ArgumentError: (max|avg)Pool\dd: window \d along spatial axis \d lies entirely in the padding/.test(String(error)) ? "refused" : String(error);
  }
}

const axis: fc.Arbitrary<Axis> = fc.record({
  size: fc.integer({ min: 1, max: 7 }), window: fc.integer({ min: 1, max: 4 }), stride: fc.integer({ min: 1, max: 4 }),
  low: fc.integer({ min: 0, max: 3 }), high: fc.integer({ min: 0, max: 3 }), dilation: fc.integer({ min: 1, max: 2 }),
});

describe("random poolings equal plain loops", () => {
  const cases = fc.record({ axes: fc.array(axis, { minLength: 1, maxLength: 3 }), ceilMode: fc.boolean() })
    .filter(({ axes, ceilMode }) => axes.every((each) => windowCount(each, ceilMode) >= 1 && each.size + each.low + each.high > 0));

  /** The elements under each window, `undefined` for padding, in the order of the windows. */
  function windowsOf(axes: readonly Axis[], ceilMode: boolean, values: readonly number[]): (number | undefined)[][] {
    return combinations(axes.map((each) => positionsUnder(each, ceilMode))).map((perAxis) =>
      combinations(perAxis).map((positions) => (positions.includes(undefined)
        ? undefined
        : values[positions.reduce<number>((flat, position, at) => flat * (axes[at]?.size ?? 1) + (position ?? 0), 0)])));
  }

  it("for maxima, means with and without padding, and power means", () => {
    fc.assert(fc.property(cases, fc.integer({ min: 0, max: 1000 }), ({ axes, ceilMode }, seed) => {
      const shape = axes.map(({ size }) => size);
      const count = shape.reduce((product, size) => product * size, 1);
      const values = Array.from({ length: count }, (_, at) => Math.sin(at * 7.3 + seed));
      const x = nn.tensor(values, { shape: [1, ...shape], dtype: "float64" });
      const kind = pools[axes.length as 1 | 2 | 3];
      const window = axes.map((each) => each.window);
      const options = {
        stride: axes.map(({ stride }) => stride), padding: axes.map(({ low, high }) => [low, high] as const),
        dilation: axes.map(({ dilation }) => dilation), ceilMode,
      };
      const under = windowsOf(axes, ceilMode, values);
      const present = under.map((each) => each.filter((value) => value !== undefined));
      const total = present.map((each) => each.reduce((sum, value) => sum + value, 0));
      const flat = (y: Tensor): number[] => Array.from(y.toTypedArray());
      const close = (found: Tensor, expected: readonly number[]): void => {
        expect(found.size).toBe(expected.length);
        flat(found).forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? NaN, 10));
      };
      close(kind.avg(x, window, options), total.map((sum, at) => sum / (under[at]?.length ?? 0)));
      close(kind.avg(x, window, { ...options, divisor: 3 }), total.map((sum) => sum / 3));
      const whole = window.reduce((product, each) => product * each, 1);
      const squares = present.map((each, at) => (each.reduce((sum, value) => sum + value * value, 0) * whole) / (under[at]?.length ?? 1));
      close(kind.lp(x, 2, window, options), squares.map(Math.sqrt));
      const isFilled = present.every((each) => each.length > 0);
      const expectedOf = (of: (elements: readonly number[], at: number) => number): readonly number[] | string => (isFilled ? present.map(of) : "refused");
      expect(outcomeOf(() => kind.max(x, window, options))).toEqual(expectedOf((each) => Math.max(...each)));
      const means = expectedOf((each, at) => (total[at] ?? 0) / each.length);
      const found = outcomeOf(() => kind.avg(x, window, { ...options, countIncludePad: false }));
      expect(typeof found === "string" ? found : found.map((value) => value.toFixed(10))).toEqual(typeof means === "string" ? means : means.map((value) => value.toFixed(10)));
    }), { numRuns: 300 });
  });
});

describe("ceilMode", () => {
  it("adds no window if the windows fit exactly", () => {
    const line = nn.arange(7).reshape([1, 1, 7]);
    expect(nn.maxPool1d(line, 3, { stride: 2, ceilMode: true }).toArray()).toEqual([[[2, 4, 6]]]);
    expect(nn.avgPool1d(line, 3, { stride: 2, ceilMode: true }).toArray()).toEqual([[[1, 3, 5]]]);
    expect(nn.lpPool1d(line, 1, 3, { stride: 2, ceilMode: true }).toArray()).toEqual([[[3, 9, 15]]]);
    const image = nn.arange(42).reshape([1, 6, 7]);
    for (const pooled of [
      nn.maxPool2d(image, 3, { stride: 2, ceilMode: true }), nn.avgPool2d(image, 3, { stride: 2, ceilMode: true }), nn.lpPool2d(image, 2, 3, { stride: 2, ceilMode: true }),
    ]) expect(pooled.shape).toEqual([1, 3, 3]);
    expect(nn.maxPool3d(nn.zeros([1, 6, 7, 5]), 3, { stride: 2, ceilMode: true }).shape).toEqual([1, 3, 3, 2]);
  });

  it("refuses what PyTorch refuses: an input that is two strides short of a window", () => {
    expect(() => nn.maxPool1d(nn.zeros([1, 1]), 3, { stride: 2, ceilMode: true })).toThrow("does not fit");
    expect(nn.maxPool1d(nn.tensor([[1, 2]]), 3, { stride: 2, ceilMode: true }).toArray()).toEqual([[2]]);
  });
});

describe('padding "same"', () => {
  const line = nn.tensor([[1, 2, 3, 4, 5]]);
  const both = (options: MaxPoolOptions & AvgPoolOptions, window: number): unknown[] => {
    const { countIncludePad, ...shared } = options;
    return [nn.maxPool1d(line, window, shared).toArray(), nn.avgPool1d(line, window, { ...shared, countIncludePad }).toArray()];
  };

  it("has ⌈size / stride⌉ windows, and more padding at the end, as in TensorFlow", () => {
    expect(both({ padding: "same", stride: 1 }, 2)).toEqual([[[2, 3, 4, 5, 5]], [[1.5, 2.5, 3.5, 4.5, 2.5]]]);
    expect(both({ padding: "same", stride: 2, countIncludePad: false }, 3)).toEqual([[[2, 4, 5]], [[1.5, 3, 4.5]]]);
    expect(both({ padding: "same", stride: 2 }, 2)).toEqual([[[2, 4, 5]], [[1.5, 3.5, 2.5]]]);
    expect(both({ padding: "same", stride: 3 }, 2)).toEqual([[[2, 5]], [[1.5, 4.5]]]);
    expect(both({ padding: "same", stride: 1, dilation: 2, countIncludePad: false }, 2)).toEqual([[[2, 3, 4, 5, 4]], [[2, 2, 3, 4, 4]]]);
    expect(both({ padding: "valid", stride: 2 }, 2)).toEqual([[[2, 4]], [[1.5, 3.5]]]);
  });

  it("holds on each axis of an image", () => {
    expect(nn.maxPool2d(nn.arange(12).reshape([1, 3, 4]), [2, 3], { padding: "same", stride: 2 }).toArray()).toEqual([[[6, 7], [10, 11]]]);
  });
});

it("accepts padding on one side, and of more than half a window", () => {
  const x = nn.tensor([[1, 2, 3]]);
  expect(nn.maxPool1d(x, 3, { stride: 1, padding: [[2, 0]] }).toArray()).toEqual([[1, 2, 3]]);
  expect(nn.avgPool1d(x, 2, { stride: 1, padding: [[0, 1]] }).toArray()).toEqual([[1.5, 2.5, 1.5]]);
  expect(nn.avgPool1d(x, 2, { stride: 1, padding: [[3, 0]] }).toArray()).toEqual([[0, 0, 0.5, 1.5, 2.5]]);
});
