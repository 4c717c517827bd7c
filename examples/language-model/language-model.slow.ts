import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { entropy, sentences } from "./language.js";
import { shifted, textsOf, train, write } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ epochs: 1, count: 4 }), await train({ epochs: 1, count: 4, compile: false })];
  expect(compiled.losses[0]).toBeCloseTo(eager.losses[0] ?? NaN, 2);
});

test("a transformer learns a language character by character, and writes it", async () => {
  const { model, losses } = await train();
  expect(losses.at(-1)).toBeLessThan(1.05 * entropy);

  const { characters, logits } = write(model, 100, new Generator(3));
  expect(textsOf(characters).filter((text) => sentences.includes(text)).length).toBeGreaterThanOrEqual(90);
  // Step by step with cached keys and values gives the same logits as all at once.
  expect(model.forward(shifted(characters)).sub(logits).abs().max().item()).toBeLessThan(1e-4);
});
