import { expect, test } from "vitest";
import { evaluate, train } from "./main.js";

test("a compiled step gives the losses of an eager one", async () => {
  const [compiled, eager] = [await train({ steps: 3 }), await train({ steps: 3, isCompiled: false })];
  expect(compiled.losses?.discriminator).toBeCloseTo(eager.losses?.discriminator ?? NaN, 4);
  expect(compiled.losses?.generator).toBeCloseTo(eager.losses?.generator ?? NaN, 4);
});

test("the generator draws from the distribution, and leaves out no mode", async () => {
  const { model } = await train();
  const { near, modes, distance } = evaluate(model.forward(1000));
  expect(near).toBeGreaterThan(0.85);
  expect(modes.min().item()).toBeGreaterThan(0.08);
  // Normal points are at a distance of 0.06, others of the same distribution at 0.001.
  expect(distance).toBeLessThan(0.01);
});
