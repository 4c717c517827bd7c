import { readCsv, TableEncoder, LabelEncoder, TensorDataset } from "@nn/data";
import { tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import type { TableForm } from "../../src/data/input-form.js";
import { featuresByColumn, permutationImportance } from "../../src/evaluation/importance.js";
import { describeImportance } from "../../src/terminal/importance-text.js";
import { plain } from "../../src/terminal/style.js";

const rows = Array.from({ length: 200 }, (_, at) => `${at % 2 === 0 ? -1 : 1},${["red", "blue", "green"][at % 3] ?? ""},${at % 2}\n`).join("");
const table = await readCsv(`size,colour,kind\n${rows}`);
const encoder = TableEncoder.fit(table, { exclude: ["kind"] });
const labels = LabelEncoder.fit(table.numeric("kind"));
const form: TableForm = {
  kind: "table", target: "kind", missing: "error", encoder: encoder.toJSON(), labels: labels.toJSON(),
  columns: [{ name: "colour", kind: "category" }, { name: "kind", kind: "number", style: "point" }, { name: "size", kind: "number", style: "point" }],
};
const split = new TensorDataset(encoder.transform(table), labels.transform(table.numeric("kind")));

/** Sees the sign of the first feature alone. */
const predictor = (x: Tensor): Tensor => {
  const values = x.toTypedArray();
  const width = x.shape[1] ?? 0;
  return tensor(Array.from({ length: x.shape[0] ?? 0 }, (_, row) => [0, 4 * (values[row * width] ?? 0)]));
};

test("the features of a column belong together", () => {
  expect(featuresByColumn(form)).toEqual([{ column: "colour", features: [1, 2, 3] }, { column: "size", features: [0] }]);
});

test("a column that the model does not see has no importance; permuting the one it sees halves the accuracy", async () => {
  const { accuracy, loss, columns, examples } = await permutationImportance(predictor, split, form, { repeats: 20, seed: 3 });
  expect([accuracy, examples, columns.map(({ column }) => column)]).toEqual([1, 200, ["size", "colour"]]);
  const [size, colour] = columns;
  expect(colour).toEqual({ column: "colour", accuracyDrop: { mean: 0, deviation: 0 }, lossRise: { mean: 0, deviation: 0 } });
  // Of 200 values, 100 of each sign, a permuted one is of the other sign with probability 1/2: hypergeometric, with the deviation 50 / √199 / 100.
  expect(size?.accuracyDrop.mean).toBeGreaterThan(0.46);
  expect(size?.accuracyDrop.mean).toBeLessThan(0.54);
  expect(size?.accuracyDrop.deviation).toBeGreaterThan(0.5 * (0.5 / Math.sqrt(199)));
  expect(size?.accuracyDrop.deviation).toBeLessThan(2 * (0.5 / Math.sqrt(199)));
  // The loss of a wrong answer is 4 more than that of a right one, times the standard deviation of the encoded sizes, which is 1.
  expect(size?.lossRise.mean).toBeCloseTo(4 * (size?.accuracyDrop.mean ?? 0), 5);
  expect(loss).toBeCloseTo(Math.log(1 + Math.exp(-4)) / 2 + Math.log(1 + Math.exp(-4)) / 2, 5);
});

test("the same seed gives the same numbers, another one others", async () => {
  const [a, b, c] = [await permutationImportance(predictor, split, form, { repeats: 2, seed: 3 }), await permutationImportance(predictor, split, form, { repeats: 2, seed: 3 }), await permutationImportance(predictor, split, form, { repeats: 2, seed: 4 })];
  expect(b).toEqual(a);
  expect(c.columns[0]?.lossRise).not.toEqual(a.columns[0]?.lossRise);
  expect((await permutationImportance(predictor, split, form, { repeats: 1, seed: 3 })).columns[0]?.lossRise.deviation).toBe(0);
});

test("as a table", async () => {
  const result = await permutationImportance(predictor, split, form, { repeats: 3, seed: 3 });
  expect(describeImportance("test split of x", result, 3, plain, 100).join("\n")).toMatchInlineSnapshot(`
    "accuracy 100.00%, loss 0.0181 on 200 examples (test split of x)
    How much worse the model is when the values of a column are permuted: mean ± standard deviation over
    3 permutations. Columns whose rise is within twice its deviation may not matter.

    Column  Loss rise            Accuracy drop
    size       1.8533  ± 0.0231          46.3%  ± 0.6%  ━━━━━━━━━━━━━━━━━━━━
    colour     0.0000  ± 0.0000           0.0%  ± 0.0%"
  `);
  expect(describeImportance("test split of x", result, 3, plain, 60).every((line) => line.length <= 60)).toBe(true);
});
