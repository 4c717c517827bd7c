import { gradientsOf, tensor, Variable, type FloatDType, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { configurations, seedsOf } from "../../plain/check.js";
import type { Plain } from "../../plain/array.js";
import { optimizerEntries, plainOf, type OptimizerEntry } from "../../plain/optimizers.js";
import { Random } from "../../plain/random.js";
import { compiled, eager } from "../reference/execution.js";

const toTensor = ({ shape, data }: Plain, dtype: FloatDType): Tensor => tensor([...data], { shape, dtype });

/** Takes six steps with random gradients of two parameters; returns the problems after each step. */
function problemsOf({ shapes, options, ours, plain }: OptimizerEntry, seed: number): string[] {
  const random = new Random(seed);
  const dtype = seed % 2 === 0 ? "float64" : "float32";
  const given = options(random);
  const starts = random.list(2, () => random.array(shapes?.(random) ?? random.shape([1, 2], [1, 3])));
  const gradients = random.list(6, () => starts.map((start) => random.array(start.shape)));
  return [eager, compiled].flatMap((execution) => {
    const parameters = starts.map((start) => new Variable(toTensor(start, dtype)));
    const optimizer = ours(parameters, given);
    const step = execution.prepare((...each) => {
      optimizer.step(gradientsOf(parameters, each));
      return [];
    });
    const rules = starts.map(() => plain(given));
    let want = starts;
    for (const [turn, each] of gradients.entries()) {
      step(...each.map((gradient) => toTensor(gradient, dtype)));
      want = want.map((x, at) => (rules[at] as (typeof rules)[number])(x, each[at] as Plain, turn + 1));
      for (const [at, { data }] of want.entries()) {
        const found = plainOf((parameters[at] as Variable).value).data;
        const wrong = data.findIndex((value, position) => !(Math.abs(value - (found[position] as number)) <= (dtype === "float64" ? 1e-9 : 3e-4) * (1 + Math.abs(value))));
        if (wrong !== -1) return [`seed ${seed}, ${dtype}, ${execution.name}, ${JSON.stringify(given)}: step ${turn + 1}, parameter ${at}, element ${wrong} is ${found[wrong]}, expected ${data[wrong]}`];
      }
    }
    return [];
  });
}

describe("optimizers compute what plain loops compute", { timeout: 60_000 + configurations * 10_000 }, () => {
  it.each(Object.entries(optimizerEntries))("%s", (name, entry) => {
    expect(seedsOf(name).flatMap((seed) => problemsOf(entry, seed)).slice(0, 3)).toEqual([]);
  });
});
