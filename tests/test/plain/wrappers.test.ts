import { gradientsOf, tensor, Variable, type FloatDType, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import type { Plain } from "../../plain/array.js";
import { configurations, seedsOf } from "../../plain/check.js";
import { plainOf } from "../../plain/optimizers.js";
import { Random } from "../../plain/random.js";
import { wrapperEntries, type WrapperTrial } from "../../plain/wrappers.js";
import { compiled, eager } from "../reference/execution.js";

const toTensor = ({ shape, data }: Plain, dtype: FloatDType): Tensor => tensor([...data], { shape, dtype });

/** Takes six steps with random gradients of one parameter; returns the problems after each step. */
function problemsOf(make: (random: Random) => WrapperTrial, seed: number): string[] {
  const random = new Random(seed);
  const dtype = seed % 2 === 0 ? "float64" : "float32";
  const { what, ours, plain } = make(random);
  const start = random.array(random.shape([1, 2], [1, 3]));
  const gradients = random.list(6, () => random.array(start.shape));
  return [eager, compiled].flatMap((execution) => {
    const parameter = new Variable(toTensor(start, dtype));
    const { step, shown } = ours([parameter]);
    const call = execution.prepare((gradient) => {
      step(gradientsOf([parameter], [gradient]));
      return [];
    });
    const expected = plain(start);
    return gradients.flatMap((gradient, turn) => {
      call(toTensor(gradient, dtype));
      const found = shown().map(plainOf);
      return expected(gradient, turn).flatMap(({ data }, at) => {
        const got = found[at]?.data ?? [];
        const wrong = data.findIndex((value, place) => !(Math.abs(value - (got[place] as number)) <= (dtype === "float64" ? 1e-12 : 1e-5) * (1 + Math.abs(value))));
        return wrong === -1 ? [] : [`seed ${seed}, ${dtype}, ${execution.name}, ${what}: step ${turn + 1}, element ${wrong} is ${got[wrong]}, expected ${data[wrong]}`];
      });
    });
  });
}

describe("wrappers and averages compute what plain loops compute", { timeout: 60_000 + configurations * 10_000 }, () => {
  it.each(Object.entries(wrapperEntries))("%s", (name, make) => {
    expect(seedsOf(name).flatMap((seed) => problemsOf(make, seed)).slice(0, 3)).toEqual([]);
  });
});
