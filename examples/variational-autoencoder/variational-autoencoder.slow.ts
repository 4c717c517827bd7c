import { compile } from "@nn/compiler";
import { mean } from "@nn/tensor";
import { expect, test } from "vitest";
import { energyDistance } from "../support/energy-distance.js";
import { createAutoencoder, data, halved, train } from "./main.js";

test("a compiled step gives the losses of an eager one", () => {
  const images = data().train;
  const { step: eagerly } = createAutoencoder();
  const compiled = compile(createAutoencoder().step);
  for (const [x] of [images.batch([0, 1, 2]), images.batch([3, 4, 5])]) expect(compiled(x).item()).toBeCloseTo(eagerly(x).item(), 3);
});

test("a variational autoencoder learns what digits look like", () => {
  const model = train();
  // Predicting the mean image would cost 64 nats, at a distance of 1.7.
  const unseen = halved(data().test.tensors[0]);
  expect(mean(model.forward(unseen)).item()).toBeLessThan(59);
  expect(energyDistance(model.imagine(500), unseen)).toBeLessThan(0.25);
});
