import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { broadcastShapes, sizeOf } from "../../src/extend.js";
import * as nn from "../../src/index.js";
import type { Tensor } from "../../src/index.js";

const shape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });

/** Two shapes that broadcast: some axes of a common shape set to 1, some leading axes left out. */
const shapes = shape.chain((common) => {
  const part = fc.tuple(fc.array(fc.boolean(), { minLength: common.length, maxLength: common.length }), fc.integer({ min: 0, max: common.length }))
    .map(([toOne, dropped]) => common.map((length, axis) => (toOne[axis] === true ? 1 : length)).slice(dropped));
  return fc.tuple(part, part);
});

/** Distinct small whole numbers, so that sums and products are exact. */
function numbered(of: readonly number[], start = 1): Tensor {
  return nn.tensor(Array.from({ length: sizeOf(of) }, (_, at) => start + at), { shape: of, dtype: "float64" });
}

describe("broadcasting", () => {
  test("an operation on tensors equals the operation on their expanded forms", () => {
    fc.assert(fc.property(shapes, ([first, second]) => {
      const [x, y] = [numbered(first), numbered(second, 100)];
      const common = broadcastShapes("test", [first, second]);
      for (const f of [nn.add, nn.mul, nn.sub, nn.div, nn.maximum, nn.less, nn.atan2]) {
        const expected = f(nn.expand(x, common), nn.expand(y, common));
        expect(f(x, y).toTypedArray()).toEqual(expected.toTypedArray());
        expect(f(x, y).shape).toEqual(common);
      }
    }), { numRuns: 50 });
  });

  test("sums and products do not depend on the order of the operands", () => {
    fc.assert(fc.property(shapes, ([first, second]) => {
      const [x, y] = [numbered(first), numbered(second, 100)];
      expect(nn.add(x, y).toTypedArray()).toEqual(nn.add(y, x).toTypedArray());
      expect(nn.mul(x, y).toTypedArray()).toEqual(nn.mul(y, x).toTypedArray());
    }), { numRuns: 50 });
  });

  test("a number is a scalar tensor", () => {
    fc.assert(fc.property(shape, fc.integer({ min: -5, max: 5 }), (given, value) => {
      const x = numbered(given);
      for (const f of [nn.add, nn.sub, nn.mul, nn.minimum, nn.equal]) {
        expect(f(x, value).toTypedArray()).toEqual(f(x, nn.tensor(value, { dtype: "float64" })).toTypedArray());
      }
    }), { numRuns: 50 });
  });
});

const withAxes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })
  .chain((given) => fc.tuple(fc.constant(given), fc.subarray(given.map((_, axis) => axis))));

describe("reductions", () => {
  test("give the same over several axes at once or one after another", () => {
    fc.assert(fc.property(withAxes, ([given, axes]) => {
      const x = numbered(given);
      for (const f of [nn.sum, nn.max, nn.min]) {
        const step = axes.toReversed().reduce((value, axis) => f(value, axis), x);
        expect(f(x, axes).toTypedArray()).toEqual(step.toTypedArray());
        expect(f(x, axes).shape).toEqual(step.shape);
      }
    }), { numRuns: 50 });
  });

  test("keepAxes keeps the rank, and the reduced tensor then broadcasts against the input", () => {
    fc.assert(fc.property(withAxes, ([given, axes]) => {
      const x = numbered(given);
      const kept = nn.mean(x, axes, { keepAxes: true });
      expect(kept.shape).toEqual(given.map((length, axis) => (axes.includes(axis) ? 1 : length)));
      const centred = nn.mean(nn.sub(x, kept), axes).toTypedArray();
      for (const value of centred) expect(Math.abs(value)).toBeLessThan(1e-9);
    }), { numRuns: 50 });
  });

  test("negative axes count from the end", () => {
    fc.assert(fc.property(withAxes, ([given, axes]) => {
      const x = numbered(given);
      expect(nn.sum(x, axes.map((axis) => axis - given.length)).toTypedArray()).toEqual(nn.sum(x, axes).toTypedArray());
    }), { numRuns: 50 });
  });

  test("softmax sums to 1 and does not depend on a shift", () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 6 }), fc.integer({ min: -100, max: 100 }), (values, shift) => {
      const x = nn.tensor(values, { dtype: "float64" });
      const probabilities = nn.softmax(x);
      expect(nn.sum(probabilities).item()).toBeCloseTo(1, 12);
      expect(nn.max(nn.abs(nn.sub(probabilities, nn.softmax(nn.add(x, shift))))).item()).toBeLessThan(1e-9);
      expect(nn.max(nn.abs(nn.sub(nn.exp(nn.logSoftmax(x)), probabilities))).item()).toBeLessThan(1e-12);
    }), { numRuns: 50 });
  });
});

describe("scans", () => {
  test("the last element of a running sum, product, maximum and log-sum-exp is the total", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), (values) => {
      const x = nn.tensor(values, { dtype: "float64" });
      const last = (scanned: Tensor): number => nn.select(scanned, 0, values.length - 1).item();
      expect(last(nn.cumSum(x, 0))).toBe(nn.sum(x).item());
      expect(last(nn.cumProd(x, 0))).toBe(nn.prod(x).item());
      expect(last(nn.cumMax(x, 0).values)).toBe(nn.max(x).item());
      expect(last(nn.cumMin(x, 0).values)).toBe(nn.min(x).item());
      expect(last(nn.logCumSumExp(x, 0))).toBeCloseTo(nn.logSumExp(x).item(), 12);
      expect(nn.gather(x, nn.cumMax(x, 0).indices, 0).toArray()).toEqual(nn.cumMax(x, 0).values.toArray());
    }), { numRuns: 50 });
  });

  test("a running maximum is NaN from the first NaN on", () => {
    expect(nn.cumMax(nn.tensor([1, NaN, 5, NaN, 7]), 0).values.toArray()).toEqual([1, NaN, NaN, NaN, NaN]);
    expect(nn.cumMax(nn.tensor([1, NaN, 5, NaN, 7]), 0).indices.toArray()).toEqual([0, 1, 1, 3, 3]);
  });
});
