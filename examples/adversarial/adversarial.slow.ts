import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { createGame, draw, judgeForgery, play } from "./main.js";

test("compiled steps give the losses of eager ones", () => {
  const random = new Generator(2);
  const eager = createGame({ steps: 10 });
  const game = createGame({ steps: 10 });
  const [judgeStep, forgerStep] = [compile(game.judgeStep), compile(game.forgerStep)];
  for (const real of [draw(128, random), draw(128, random)]) {
    expect(judgeStep(real).item()).toBeCloseTo(eager.judgeStep(real).item(), 4);
    expect(forgerStep(128).item()).toBeCloseTo(eager.forgerStep(128).item(), 4);
  }
});

test("the forger draws from the distribution, and leaves out no mode", () => {
  const { near, modes, distance } = judgeForgery(play().forge(1000));
  expect(near).toBeGreaterThan(0.85);
  expect(modes.min().item()).toBeGreaterThan(0.08);
  // Normal points are at a distance of 0.06, others of the same distribution at 0.001.
  expect(distance).toBeLessThan(0.01);
});
