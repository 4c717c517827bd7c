import { manualSeed, tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { blobs, circles, classCounts, classLabels, moons, spirals, xor, type LabelledDataset } from "../../src/index.js";

/** Points by class. */
function byClass(data: LabelledDataset): Map<number, (readonly [number, number])[]> {
  const groups = new Map<number, (readonly [number, number])[]>();
  for (const [x, y] of data) {
    const [a = 0, b = 0] = x.toTypedArray();
    groups.set(y.item(), [...(groups.get(y.item()) ?? []), [a, b]]);
  }
  return groups;
}

const radius = ([a, b]: readonly [number, number]): number => Math.hypot(a, b);

describe.each([
  ["blobs", blobs, 3], ["moons", moons, 2], ["circles", circles, 2], ["spirals", spirals, 2],
] as const)("%s", (_, make, classes) => {
  it("has equal classes, in random order, the same for the same seed", () => {
    const data = make({ count: 31, seed: 4 });
    expect(data.length).toBe(31);
    expect(data.tensors.map(({ dtype }) => dtype)).toEqual(["float32", "int32"]);
    const counts = [...classCounts(classLabels(data)).values()];
    expect(counts.length).toBe(classes);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(classLabels(data)).not.toEqual(classLabels(data).toSorted());
    const points = (seed?: number): unknown => make(seed === undefined ? {} : { seed }).tensors.map((each) => each.toArray());
    expect(points(4)).toEqual(points(4));
    expect(points(4)).not.toEqual(points(5));
    manualSeed(1);
    const drawn = points();
    expect(points()).not.toEqual(drawn);
    manualSeed(1);
    expect(points()).toEqual(drawn);
  });

  it("refuses options out of range", () => {
    expect(() => make({ count: 0 })).toThrow("count is 0, expected a positive whole number");
    expect(() => make({ noise: -1 })).toThrow("noise is -1, expected a number, at least 0");
    expect(() => make({ seed: 0.5 })).toThrow("seed is 0.5");
  });
});

it("xor is the exclusive or", () => {
  for (const [x, y] of xor()) expect(y.item()).toBe(x.sum().item() % 2);
});

it("circles and moons have the exact positions without noise", () => {
  const rings = byClass(circles({ noise: 0, factor: 0.3, seed: 1 }));
  for (const point of rings.get(0) ?? []) expect(radius(point)).toBeCloseTo(1, 5);
  for (const point of rings.get(1) ?? []) expect(radius(point)).toBeCloseTo(0.3, 5);
  const halves = byClass(moons({ noise: 0, seed: 1 }));
  for (const [a, b] of halves.get(0) ?? []) expect([Math.hypot(a, b), b >= -1e-6]).toEqual([expect.closeTo(1, 5), true]);
  for (const [a, b] of halves.get(1) ?? []) expect([Math.hypot(a - 1, b - 0.5), b <= 0.5 + 1e-6]).toEqual([expect.closeTo(1, 5), true]);
  expect(() => circles({ factor: 1 })).toThrow("circles: factor is 1, expected a number between 0 and 1");
});

it("spiral arms have the given number of turns", () => {
  const arms = byClass(spirals({ arms: 3, turns: 1, noise: 0, count: 300, seed: 1 }));
  expect([...arms.keys()].toSorted()).toEqual([0, 1, 2]);
  for (const [arm, points] of arms) {
    for (const point of points) {
      const along = (radius(point) - 0.05) / 0.95;
      const angle = Math.atan2(point[1], point[0]) / (2 * Math.PI) - along - arm / 3;
      expect(Math.abs(angle - Math.round(angle))).toBeLessThan(1e-4);
    }
  }
  expect(() => spirals({ arms: 0 })).toThrow("arms is 0");
  expect(() => spirals({ turns: 0 })).toThrow("turns is 0");
});

it("blobs have the given centres and spread", () => {
  for (const centers of [[[0, 5], [10, -5]], tensor([[0, 5], [10, -5]])]) {
    const groups = byClass(blobs({ centers, noise: 0.5, count: 2000, seed: 2 }));
    const first = groups.get(0) ?? [];
    const mean = (axis: 0 | 1): number => first.reduce((sum, point) => sum + point[axis], 0) / first.length;
    expect(mean(0)).toBeCloseTo(0, 1);
    expect(mean(1)).toBeCloseTo(5, 1);
    expect(Math.sqrt(first.reduce((sum, [a]) => sum + a * a, 0) / first.length)).toBeCloseTo(0.5, 1);
  }
  expect(blobs({ centers: 4, dimensions: 5, seed: 1 }).get(0)[0].shape).toEqual([5]);
  expect(() => blobs({ centers: [[1], [1, 2]] })).toThrow("blobs: centers must be lists of numbers of one length");
  expect(() => blobs({ centers: 0 })).toThrow("blobs: centers is 0");
});
