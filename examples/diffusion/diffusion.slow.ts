import { expect, test } from "vitest";
import { energyDistance } from "../support/energy-distance.js";
import { data, train } from "./main.js";

test("a compiled step gives the losses of an eager one", async () => {
  const [compiled, eager] = [await train({ epochs: 2, count: 64 }), await train({ epochs: 2, count: 64, isCompiled: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("a diffusion model turns noise into moons", async () => {
  const { sample } = await train();
  // Normal noise is at a distance of 0.21.
  expect(energyDistance(sample(1000), data(2, 1000).tensors[0])).toBeLessThan(0.008);
});
