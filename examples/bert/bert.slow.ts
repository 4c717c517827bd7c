import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { verbs } from "./language.js";
import { accuracy, drawCorpus, drawLabelled, fineTune, guess, maskWords, pretrain } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await pretrain({ steps: 2, count: 16 }), await pretrain({ steps: 2, count: 16, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("15 % of the words are targets: 80 % of them are hidden, 10 % replaced, 10 % kept", () => {
  const x = drawCorpus(4000, new Generator(1));
  const { masked, targets } = maskWords(x, new Generator(2));
  const [before, after, wanted] = [x, masked, targets].map((each) => [...each.toTypedArray()].map(Number)) as [number[], number[], number[]];
  const positions = [...before.keys()];
  const fraction = (of: readonly number[], among: readonly number[]): number => of.length / among.length;
  const chosen = positions.filter((at) => wanted[at] !== -100);
  expect(chosen.every((at) => wanted[at] === before[at])).toBe(true);
  expect(positions.every((at) => wanted[at] !== -100 || after[at] === before[at])).toBe(true);
  expect(fraction(chosen, positions.filter((at) => Number(before[at]) > 2))).toBeCloseTo(0.15, 2);
  expect(Math.abs(fraction(chosen.filter((at) => after[at] === 2), chosen) - 0.8)).toBeLessThan(0.02);
  expect(Math.abs(fraction(chosen.filter((at) => after[at] === before[at]), chosen) - 0.1)).toBeLessThan(0.02);
});

test("after guessing hidden words, few labels suffice", async () => {
  const { model } = await pretrain();
  const words = guess(model, "the clerk was [MASK] by the wolf", 6).filter(({ word }) => verbs.animal.includes(word));
  expect(words.reduce((sum, { probability }) => sum + probability, 0)).toBeGreaterThan(0.55);

  const unseen = drawLabelled(1000, new Generator(4));
  const sentences = drawLabelled(32, new Generator(5));
  const pretrained = accuracy(await fineTune(sentences, { encoder: model.encoder }), unseen);
  const scratch = accuracy(await fineTune(sentences), unseen);
  expect(pretrained).toBeGreaterThan(0.85);
  expect(scratch).toBeLessThan(0.7);
});
