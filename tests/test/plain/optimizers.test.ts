import { gradientsOf, tensor, Variable, type FloatDType, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { configurations, seedsOf } from "../../plain/check.js";
import type { Plain } from "../../plain/array.js";
import { optimizerEntries, optionsAt, plainOf, type OptimizerEntry, type Store } from "../../plain/optimizers.js";
import { Random } from "../../plain/random.js";
import { compiled, eager } from "../reference/execution.js";

const toTensor = ({ shape, data }: Plain, dtype: FloatDType): Tensor => tensor([...data], { shape, dtype });

/** Options as a text. */
const describeOptions = (options: object): string => JSON.stringify(options, (_, value: unknown) => (typeof value === "function" ? "a schedule" : value));

/** Takes six steps with random gradients of two parameters, some of which have none; returns the problems after each step. */
function problemsOf({ shapes, options, ours, plain }: OptimizerEntry, seed: number): string[] {
  const random = new Random(seed);
  const dtype = seed % 2 === 0 ? "float64" : "float32";
  const given = options(random);
  const starts = random.list(2, () => random.array(shapes?.(random) ?? random.shape([1, 2], [1, 3])));
  const gradients = random.list(6, () => starts.map((start) => (random.bool(0.9) ? random.array(start.shape) : undefined)));
  return [eager, compiled].flatMap((execution) => {
    const parameters = starts.map((start) => new Variable(toTensor(start, dtype)));
    const optimizer = ours(parameters, given);
    const step = execution.prepare((...each: (Tensor | undefined)[]) => {
      optimizer.step(gradientsOf(parameters, each));
      return [];
    });
    const stores = starts.map((): Store => ({ elements: [], arrays: {} }));
    const updates = starts.map(() => 0);
    let want = starts;
    for (const [turn, each] of gradients.entries()) {
      step(...each.map((gradient) => gradient && toTensor(gradient, dtype)));
      want = want.map((x, at) => {
        const gradient = each[at];
        if (gradient === undefined) return x;
        updates[at] = (updates[at] as number) + 1;
        return plain(optionsAt(given, turn), stores[at] as Store)(x, gradient, updates[at] as number);
      });
      for (const [at, { data }] of want.entries()) {
        const found = plainOf((parameters[at] as Variable).value).data;
        const wrong = data.findIndex((value, place) => !(Math.abs(value - (found[place] as number)) <= (dtype === "float64" ? 1e-9 : 3e-4) * (1 + Math.abs(value))));
        if (wrong !== -1) return [`seed ${seed}, ${dtype}, ${execution.name}, ${describeOptions(given)}: step ${turn + 1}, parameter ${at}, element ${wrong} is ${found[wrong]}, expected ${data[wrong]}`];
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
