import { expect, test } from "vitest";
import { flattened, probe, train } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ count: 20 }), await train({ count: 20, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("an encoder learns without labels what a hundred labels then suffice for", async () => {
  expect(probe(flattened)).toBeLessThan(0.65);
  const { encoder } = await train();
  expect(probe((images) => encoder.forward(images))).toBeGreaterThan(0.88);
});
