import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { createNetworks, draw, evaluate, train } from "./main.js";

test("compiled steps give the losses of eager ones", () => {
  const random = new Generator(2);
  const eager = createNetworks({ steps: 10 });
  const networks = createNetworks({ steps: 10 });
  const [discriminatorStep, generatorStep] = [compile(networks.discriminatorStep), compile(networks.generatorStep)];
  for (const real of [draw(128, random), draw(128, random)]) {
    expect(discriminatorStep(real).item()).toBeCloseTo(eager.discriminatorStep(real).item(), 4);
    expect(generatorStep(128).item()).toBeCloseTo(eager.generatorStep(128).item(), 4);
  }
});

test("the generator draws from the distribution, and leaves out no mode", () => {
  const { near, modes, distance } = evaluate(train().generate(1000));
  expect(near).toBeGreaterThan(0.85);
  expect(modes.min().item()).toBeGreaterThan(0.08);
  // Normal points are at a distance of 0.06, others of the same distribution at 0.001.
  expect(distance).toBeLessThan(0.01);
});
