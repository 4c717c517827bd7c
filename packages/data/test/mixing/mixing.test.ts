import { Generator, normal, oneHot, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, it, test } from "vitest";
import { cutmix, mixup, type MixedBatch } from "../../src/index.js";

const labels = tensor([0, 1, 2, 1, 0], { dtype: "int32" });
const images = normal([5, 2, 6, 7], { generator: new Generator(1) });
const list = (x: Tensor): number[] => Array.from(x.toTypedArray());

function mixedTargets({ partners, lambda }: MixedBatch, targets: number[][]): number[][] {
  const weight = lambda.item();
  return targets.map((row, at) => row.map((value, column) => weight * value + (1 - weight) * (targets[list(partners)[at] ?? 0]?.[column] ?? 0)));
}

describe("mixup", () => {
  it("computes λ x + (1 − λ) x[partners], for inputs and targets", () => {
    for (let seed = 0; seed < 8; seed++) {
      const batch = mixup(images, labels, { alpha: 0.7, classes: 3, generator: new Generator(seed) });
      const [weight, partners] = [batch.lambda.item(), list(batch.partners)];
      expect(partners.toSorted()).toEqual([0, 1, 2, 3, 4]);
      const [x, size] = [list(images), 84];
      const expected = x.map((value, at) => weight * value + (1 - weight) * (x[(partners[Math.floor(at / size)] ?? 0) * size + (at % size)] ?? 0));
      list(batch.inputs).forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? 0, 5));
      (batch.targets.toArray() as number[][]).forEach((row, at) => {
        row.forEach((value, column) => expect(value).toBeCloseTo(mixedTargets(batch, oneHot(labels, 3).toArray() as number[][])[at]?.[column] ?? 0, 6));
      });
    }
  });

  it("mixes numbers of a regression and probabilities without one-hot encoding", () => {
    const targets = tensor([1, 2, 3, 4, 5], { dtype: "float64" });
    const batch = mixup(images, targets, { generator: new Generator(3) });
    expect(batch.targets.dtype).toBe("float64");
    const [weight, values] = [batch.lambda.item(), [1, 2, 3, 4, 5]];
    list(batch.targets).forEach((value, at) => expect(value).toBeCloseTo(weight * (at + 1) + (1 - weight) * (values[list(batch.partners)[at] ?? 0] ?? 0), 5));
  });

  it.each([0.3, 1, 4])("draws λ from Beta(α, α) for α = %d", (alpha) => {
    const generator = new Generator(9);
    const [x, y] = [tensor([[0], [1]]), tensor([0, 1], { dtype: "float32" })];
    const drawn = Array.from({ length: 400 }, () => mixup(x, y, { alpha, generator }).lambda.item());
    const mean = drawn.reduce((sum, each) => sum + each) / drawn.length;
    const variance = drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / drawn.length;
    // Mean ½ and variance 1 / (4 (2α + 1)).
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.08);
    expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeGreaterThan(0.75);
    expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeLessThan(1.25);
    expect(drawn.every((each) => each >= 0 && each <= 1)).toBe(true);
  });
});

describe("cutmix", () => {
  it("pastes one rectangle, whose area is 1 − λ", () => {
    let partial = 0;
    for (let seed = 0; seed < 25; seed++) {
      const batch = cutmix(images, labels, { classes: 3, generator: new Generator(seed) });
      const partners = list(batch.partners);
      const [from, to] = [images.toArray() as number[][][][], batch.inputs.toArray() as number[][][][]];
      const pasted: [number, number][] = [];
      for (let row = 0; row < 6; row++) for (let column = 0; column < 7; column++) {
        const taken = to[1]?.[0]?.[row]?.[column] === from[partners[1] ?? 0]?.[0]?.[row]?.[column];
        if (partners[1] !== 1 && taken) pasted.push([row, column]);
        to.forEach((image, at) => image.forEach((channel, plane) => {
          const source = partners[1] === 1 ? channel[row]?.[column] : from[taken ? (partners[at] ?? 0) : at]?.[plane]?.[row]?.[column];
          expect(channel[row]?.[column]).toBe(source);
        }));
      }
      if (partners[1] === 1) continue;
      const [rows, columns] = [new Set(pasted.map(([row]) => row)), new Set(pasted.map(([, column]) => column))];
      expect(pasted).toHaveLength(rows.size * columns.size);
      for (const places of [rows, columns]) {
        const contiguous = places.size === 0 || Math.max(...places) - Math.min(...places) + 1 === places.size;
        expect(contiguous).toBe(true);
      }
      expect(batch.lambda.item()).toBeCloseTo(1 - pasted.length / 42, 6);
      if (pasted.length > 0 && pasted.length < 42) partial++;
      const targets = batch.targets.toArray() as number[][];
      mixedTargets(batch, oneHot(labels, 3).toArray() as number[][]).forEach((row, at) => row.forEach((value, column) => expect(targets[at]?.[column]).toBeCloseTo(value, 5)));
    }
    expect(partial).toBeGreaterThan(8);
  });
});

test.each([mixup, cutmix])("%o is reproducible with its generator", (mix) => {
  const run = (): unknown => {
    const generator = new Generator(5);
    return [mix(images, labels, { classes: 3, generator }), mix(images, labels, { classes: 3, generator })].map(({ inputs, targets }) => [inputs.toArray(), targets.toArray()]);
  };
  expect(run()).toEqual(run());
  const [first, second] = run() as unknown[];
  expect(first).not.toEqual(second);
});

test("refuse wrong arguments", () => {
  expect(() => mixup(images, labels)).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: mixup: classes is undefined, expected the number of classes, since the targets are class indices, which cannot be mixed]`,
  );
  expect(() => mixup(images, tensor([1, 2]), {})).toThrow("must have the same number of examples");
  expect(() => mixup(images, tensor([1, 2, 3, 4, 5]), { classes: 3 })).toThrow("leave it out");
  expect(() => mixup(labels, labels, { classes: 3 })).toThrow("dtype");
  expect(() => mixup(images, labels, { classes: 2 })).toThrow("out of range");
  expect(() => mixup(images, labels, { classes: 3, alpha: 0 })).toThrow("alpha");
  expect(() => mixup(images, labels, { classes: 3, alpha: 0.001 })).toThrow("expected 0.02 or more");
  expect(() => mixup(images, labels, { classes: 3, generator: {} as never })).toThrow("expected a Generator");
  expect(() => cutmix(normal([5, 4]), labels, { classes: 3 })).toThrow("use mixup for other inputs");
});
