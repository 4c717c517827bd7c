import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { entropy, sentences } from "./language.js";
import { createBatches, createLanguageModel, mean, shifted, textsOf, train, write } from "./main.js";

test("a compiled step gives the losses of an eager one", () => {
  const batch = createBatches(new Generator(2));
  const { step: eagerly } = createLanguageModel({ steps: 300 });
  const compiled = compile(createLanguageModel({ steps: 300 }).step);
  for (const targets of [batch().slice([{ stop: 4 }]), batch().slice([{ stop: 4 }])]) expect(compiled(targets).item()).toBeCloseTo(eagerly(targets).item(), 3);
});

test("a transformer learns a language character by character, and writes it", () => {
  const { model, losses } = train();
  expect(mean(losses.slice(-20))).toBeLessThan(1.05 * entropy);

  const { characters, logits } = write(model, 100, new Generator(3));
  expect(textsOf(characters).filter((text) => sentences.includes(text)).length).toBeGreaterThanOrEqual(90);
  // Step by step with cached keys and values gives the same logits as all at once.
  expect(model.forward(shifted(characters)).sub(logits).abs().max().item()).toBeLessThan(1e-4);
});
