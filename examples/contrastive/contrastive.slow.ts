import { compile } from "@nn/compiler";
import { expect, test } from "vitest";
import { createEncoder, data, flattened, halved, probe, train } from "./main.js";

test("a compiled step gives the losses of an eager one", () => {
  const images = data().train;
  const { step: eagerly } = createEncoder();
  const compiled = compile(createEncoder().step);
  for (const [x] of [images.batch([0, 1, 2]), images.batch([3, 4, 5])]) expect(compiled(halved(x)).item()).toBeCloseTo(eagerly(halved(x)).item(), 4);
});

test("an encoder learns without labels what a hundred labels then suffice for", () => {
  expect(probe(flattened)).toBeLessThan(0.65);
  const encoder = train();
  expect(probe((images) => encoder.forward(images))).toBeGreaterThan(0.88);
});
