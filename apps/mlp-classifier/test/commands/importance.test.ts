import { join } from "node:path";
import { expect, test } from "vitest";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);
const flowers = new URL("../fixtures/flowers.csv", import.meta.url).pathname;

test("importance says which columns a run's model needs, on its test examples or a file", async () => {
  const run = join(root, "flowers");
  expect((await call("train", "--data", flowers, "--target", "species", "--hidden", "8", "--epochs", "20", "--learning-rate", "0.05", "--no-compile", "--out", run, "--quiet")).code).toBe(0);
  const { code, out } = await call("importance", run, "--json");
  const result = JSON.parse(out) as { readonly event: string; readonly split: string; readonly examples: number; readonly columns: readonly { readonly column: string; readonly lossRise: { readonly mean: number } }[] };
  expect([code, result.event, result.split, result.examples]).toEqual([0, "importance", "test split of flowers.csv", 15]);
  expect(result.columns.map(({ column }) => column).toSorted()).toEqual(["colour", "petal_length", "petal_width", "sepal_length", "sepal_width"]);
  expect(result.columns[0]?.column).toMatch(/^petal/);
  const whole = await call("importance", run, flowers, "--repeats", "2", "--seed", "7");
  expect(whole.out).toMatch(/on 150 examples \(all of flowers\.csv\)\nHow much worse [^]*\n\nColumn +Loss rise +Accuracy drop\npetal/);
});
