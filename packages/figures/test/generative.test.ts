import { Generator, normal, std, zeros } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { levels, mixed, shownPoints, shownShape, signals } from "../src/tasks/diffusion-levels.js";
import { numbersOf } from "../src/tasks/digit-network.js";
import { digitPixels, digitSide, rowsOf, smallDigits } from "../src/tasks/small-digits.js";

describe("small digits", () => {
  test("are centred where that is asked for, and keep their ink", () => {
    const [plain, moved] = [smallDigits(20, "test"), smallDigits(20, "test", true)];
    expect(moved.images.shape).toEqual([20, digitPixels]);
    expect(numbersOf(moved.labels)).toEqual(numbersOf(plain.labels));
    rowsOf(moved.images).forEach((pixels, at) => {
      const ink = pixels.map((value) => (value > 0.2 ? value : 0));
      const total = ink.reduce((sum, value) => sum + value, 0);
      const column = ink.reduce((sum, value, index) => sum + value * (index % digitSide), 0) / total;
      expect(Math.abs(column - (digitSide - 1) / 2)).toBeLessThan(0.75);
      const before = rowsOf(plain.images)[at] ?? [];
      expect(total).toBeCloseTo(before.reduce((sum, value) => sum + (value > 0.2 ? value : 0), 0), 0);
    });
  });
});

describe("diffusion", () => {
  test("mixes data and noise so that the variance of noise is what the signal has lost", () => {
    expect([signals[0], signals.length]).toEqual([1, levels + 1]);
    expect(signals.at(-1)).toBeLessThan(0.01);
    const noise = normal([4000, 2], { generator: new Generator(5) });
    for (const level of [1, 20, levels]) expect(std(mixed(zeros([4000, 2]), noise, level)).item()).toBeCloseTo(Math.sqrt(1 - (signals[level] ?? NaN)), 1);
    const { points } = shownShape("moons");
    expect(mixed(points, normal([shownPoints, 2]), 0).toArray()).toEqual(points.toArray());
  });
});
