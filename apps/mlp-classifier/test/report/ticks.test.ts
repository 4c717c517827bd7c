import * as fc from "fast-check";
import { expect, test } from "vitest";
import { roundExtent, ticksWithin } from "../../src/report/ticks.js";

test("round numbers", () => {
  expect(ticksWithin({ low: 0, high: 1 }, 5)).toEqual({ values: [0, 0.2, 0.4, 0.6, 0.8, 1], decimals: 1 });
  expect(ticksWithin({ low: 0.83, high: 0.97 }, 6)).toEqual({ values: [0.85, 0.9, 0.95], decimals: 2 });
  expect(ticksWithin({ low: 1, high: 3 }, 8, 1).values).toEqual([1, 2, 3]);
  expect(ticksWithin({ low: 1, high: 1000 }, 8, 1).values).toEqual([200, 400, 600, 800, 1000]);
});

test("an extent is widened to round numbers", () => {
  expect(roundExtent({ low: 0.07, high: 0.81 }, 5)).toEqual({ low: 0, high: 0.8 + 0.2 });
  expect(roundExtent({ low: 0, high: 0 }, 5)).toEqual({ low: 0, high: 1 });
  expect(roundExtent({ low: 2, high: 2 }, 5)).toEqual({ low: 1.8, high: 2.2 });
});

test("ticks lie within the extent, in order, and are not too many", () => {
  const extents = fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));
  fc.assert(fc.property(extents, fc.integer({ min: 2, max: 12 }), ([low, width], most) => {
    const high = low + width;
    fc.pre(high > low && width > Math.abs(low) * 1e-9);
    const { values } = ticksWithin({ low, high }, most);
    expect(values.length).toBeLessThanOrEqual(most + 1);
    const slack = width * 1e-6;
    for (const value of values) expect(value >= low - slack && value <= high + slack).toBe(true);
    expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
    const rounded = roundExtent({ low, high }, most);
    expect(rounded.low <= low + slack && rounded.high >= high - slack).toBe(true);
  }));
});
