import { manualSeed } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { drawSeed, Random } from "../src/random.js";

describe("Random", () => {
  it("gives the same numbers for the same seed and stream, and others for others", () => {
    const draw = (seed: number, stream?: number): number[] => {
      const random = new Random(seed, stream);
      return Array.from({ length: 2000 }, () => random.word());
    };
    expect(draw(1)).toEqual(draw(1, 0));
    expect(draw(1)).not.toEqual(draw(2));
    const both = new Set([...draw(1, 0), ...draw(1, 1)]);
    expect(both.size).toBeGreaterThan(3990);
  });

  it("draws uniform, bounded and normal numbers", () => {
    const random = new Random(3);
    const count = 20_000;
    const uniform = Array.from({ length: count }, () => random.uniform(-1, 3));
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(3);
    expect(mean(uniform)).toBeCloseTo(1, 1);
    const counts = new Array<number>(7).fill(0);
    for (let at = 0; at < count; at++) {
      const drawn = random.below(7);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const each of counts) expect(Math.abs(each - count / 7)).toBeLessThan(250);
    const normal = Array.from({ length: count }, () => random.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(Math.abs(mean(normal.map((x) => x * x)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(normal.map((x) => x ** 4)) - 3)).toBeLessThan(0.3);
  });

  it("gives all permutations equally often", () => {
    expect([...new Random(5).permutation(100)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    const firsts = [0, 0, 0];
    for (let seed = 0; seed < 900; seed++) {
      const [first = 0] = new Random(seed).permutation(3);
      firsts[first] = (firsts[first] ?? 0) + 1;
    }
    for (const each of firsts) expect(Math.abs(each - 300)).toBeLessThan(60);
    expect(new Random(1).permutation(0).length).toBe(0);
  });

  it("refuses an invalid seed", () => {
    expect(() => new Random(-1)).toThrow("seed is -1");
  });
});

it("draws seeds that depend on manualSeed", () => {
  manualSeed(4);
  const first = [drawSeed(), drawSeed()];
  manualSeed(4);
  expect([drawSeed(), drawSeed()]).toEqual(first);
  expect(first[0]).not.toBe(first[1]);
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
