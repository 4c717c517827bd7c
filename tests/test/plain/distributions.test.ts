import { Generator } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { configurations, seedsOf } from "../../plain/check.js";
import { distributions } from "../../plain/distributions.js";
import { Random } from "../../plain/random.js";
import { compiled, eager } from "../reference/execution.js";

const count = 20_000;

describe.each([eager, compiled])("random numbers have the moments of their distribution, $name", { timeout: 60_000 + configurations * 10_000 }, (execution) => {
  it.each(Object.entries(distributions))("%s", (name, distribution) => {
    for (const seed of seedsOf(name)) {
      const { what, draw, mean, variance, kurtosis } = distribution(new Random(seed));
      const generator = new Generator(seed);
      const [sample] = execution.prepare(() => [draw(count, generator)])();
      const values = Array.from(sample?.toTypedArray() ?? [], Number);
      const average = values.reduce((total, value) => total + value, 0) / count;
      const spread = values.reduce((total, value) => total + (value - average) ** 2, 0) / count;
      // Six standard errors, so that correct draws never fail in practice.
      expect(Math.abs(average - mean), `mean of ${what}, seed ${seed}`).toBeLessThan(6 * Math.sqrt(variance / count));
      expect(Math.abs(spread - variance), `variance of ${what}, seed ${seed}`).toBeLessThan(6 * variance * Math.sqrt((kurtosis - 1) / count + 36 / count ** 2));
    }
  });
});
