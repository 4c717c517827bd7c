import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { categories, notCompiled, type Category } from "./reference/categories.js";
import { compiled, eager } from "./reference/execution.js";
import type { Case } from "./reference/format.js";

/** PyTorch's and scikit-learn's targets without a mapping. They are listed so that a missing mapping cannot go unnoticed. */
const unknown: Readonly<Record<Category, readonly string[]>> = {
  activations: [],
  initializers: [],
  "layers-attention": [],
  "layers-linear-conv": [],
  "layers-norm": [],
  "layers-pool-resize": [],
  "layers-recurrent": [],
  losses: [],
  metrics: [],
  "ops-elementwise": [],
  "ops-index": [],
  "ops-linalg": [],
  "ops-reduce": [],
  "ops-shape": [],
  optimizers: [],
  safetensors: [],
  schedulers: [],
  training: [],
};

function casesOf(category: string): readonly Case[] {
  const { cases } = JSON.parse(readFileSync(new URL(`../reference/${category}.json`, import.meta.url), "utf8")) as { readonly cases: readonly Case[] };
  return cases;
}

// A category has up to hundreds of cases, each with its own compiled program.
describe.each([eager, compiled])("recorded numbers, $name", (execution) => {
  const run = (Object.keys(categories) as Category[]).filter((category) => execution === eager || !notCompiled.includes(category));
  it.each(run)("%s", (category) => {
    const outcomes = casesOf(category).map((one) => categories[category](one, execution));
    const failed = outcomes.filter(({ status }) => status === "failed");
    expect(failed.map(({ id, reasons }) => `${id}: ${reasons.join("; ")}`)).toEqual([]);
    expect([...new Set(outcomes.filter(({ status }) => status === "unknown").map(({ target }) => target))].toSorted()).toEqual(unknown[category]);
  });
});
