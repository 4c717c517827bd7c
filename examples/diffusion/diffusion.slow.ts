import { compile } from "@nn/compiler";
import { expect, test } from "vitest";
import { energyDistance } from "../support/energy-distance.js";
import { createDiffusion, data, train } from "./main.js";

test("a compiled step gives the losses of an eager one", () => {
  const points = data(1, 64);
  const { step: eagerly } = createDiffusion({ steps: 10 });
  const compiled = compile(createDiffusion({ steps: 10 }).step);
  for (const [x] of [points.batch([0, 1, 2]), points.batch([3, 4, 5])]) expect(compiled(x).item()).toBeCloseTo(eagerly(x).item(), 4);
});

test("a diffusion model turns noise into moons", () => {
  const { sample } = train();
  // Normal noise is at a distance of 0.21.
  expect(energyDistance(sample(1000), data(2, 1000).tensors[0])).toBeLessThan(0.008);
});
