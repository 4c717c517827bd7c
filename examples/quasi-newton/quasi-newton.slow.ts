import { expect, test } from "vitest";
import { minimize, optimizers } from "./main.js";

test("LBFGS is done where Adam has hardly begun", () => {
  const [quasiNewton, firstOrder] = [minimize(optimizers.LBFGS), minimize(optimizers.Adam)];
  expect(quasiNewton.steps).toBeLessThan(8);
  expect(firstOrder.steps).toBeGreaterThan(20 * quasiNewton.steps);
  expect(firstOrder.steps).toBeLessThan(2000);
  // A step of LBFGS evaluates the loss several times. It still needs fewer evaluations.
  expect(firstOrder.losses.length).toBeGreaterThan(4 * quasiNewton.losses.length);
});
