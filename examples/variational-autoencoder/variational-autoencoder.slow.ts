import { mean } from "@nn/tensor";
import { expect, test } from "vitest";
import { energyDistance } from "../support/energy-distance.js";
import { data, halved, train } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ epochs: 1 }), await train({ epochs: 1, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 2);
});

test("a variational autoencoder learns what digits look like", async () => {
  const { model } = await train();
  // Predicting the mean image would cost 64 nats, at a distance of 1.7.
  const unseen = halved(data().test.tensors[0]);
  expect(mean(model.forward(unseen)).item()).toBeLessThan(59);
  expect(energyDistance(model.imagine(500), unseen)).toBeLessThan(0.25);
});
