import { tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { ArrayDataset, bootstrap, classWeights } from "../../src/index.js";

// The results of compute_class_weight("balanced", classes=np.unique(y), y=y) of scikit-learn.
test.each([
  [[1, 1, 1, 1, 0, 0], [1.5, 0.75]],
  [[0, 1, 2, 2], [4 / 3, 4 / 3, 2 / 3]],
  [[0, 0, 0], [1]],
])("balanced weights of %j equal those of scikit-learn", (labels, expected) => {
  expect(classWeights(labels, "balanced").toArray()).toEqual(expected.map((each) => Math.fround(each)));
  expect(classWeights(tensor(labels, { dtype: "int32" })).toArray()).toEqual(expected.map((each) => Math.fround(each)));
});

test("the weights of all labels add up to their number", () => {
  const labels = [0, 3, 1, 1, 2, 2, 2, 0, 3, 3];
  const weights = classWeights(labels).toArray() as number[];
  expect(labels.reduce((sum, label) => sum + (weights[label] ?? 0), 0)).toBeCloseTo(labels.length, 5);
});

test("refuses labels that are not classes", () => {
  expect(() => classWeights([0, 2])).toThrowErrorMatchingInlineSnapshot(
    `[ArgumentError: classWeights: class 1 of 3 has no label, so its weight would be infinite; classes count from 0 without a gap]`,
  );
  expect(() => classWeights([0, 1], "balanced", { classes: 3 })).toThrow("class 2 of 3 has no label");
  expect(() => classWeights([0, 0.5])).toThrow("label 1 is 0.5");
  expect(() => classWeights([0, -1])).toThrow("label 1 is -1");
  expect(() => classWeights(["a"] as never)).toThrow("encode texts with a LabelEncoder");
  expect(() => classWeights([0, 5], "balanced", { classes: 2 })).toThrow("expected a class, a whole number from 0 to 1");
  expect(() => classWeights([0], "uniform" as never)).toThrow(`expected "balanced"`);
  expect(() => classWeights([])).toThrow("there are no labels");
});

test("bootstrap draws with replacement and validates on the rest", () => {
  const data = new ArrayDataset(Array.from({ length: 200 }, (_, index) => index));
  const rounds = bootstrap(data, 50, { seed: 2 });
  let outside = 0;
  for (const { train, validation } of rounds) {
    expect(train.length).toBe(200);
    const inBag = new Set(train);
    expect([...validation]).toEqual([...data].filter((index) => !inBag.has(index)));
    outside += validation.length;
  }
  // (1 − 1/n)ⁿ of the items are left out, with a standard deviation of about 0.003 over these rounds.
  expect(Math.abs(outside / (50 * 200) - (1 - 1 / 200) ** 200)).toBeLessThan(0.012);
  const values = (each: Iterable<number>): number[] => [...each];
  expect(bootstrap(data, 50, { seed: 2 }).map(({ train }) => values(train))).toEqual(rounds.map(({ train }) => values(train)));
  expect(bootstrap(data, 2, { seed: 2 }).map(({ train }) => values(train))).toEqual(rounds.slice(0, 2).map(({ train }) => values(train)));
  expect(bootstrap(data, 1, { seed: 2, count: 7 })[0]?.train.length).toBe(7);
});

test("bootstrap refuses impossible draws", () => {
  expect(() => bootstrap(new ArrayDataset([]), 2)).toThrow("the data set is empty");
  expect(() => bootstrap(new ArrayDataset([1]), 0)).toThrow("rounds");
  expect(() => bootstrap([1] as never, 1)).toThrow("expected a data set or a table");
});
