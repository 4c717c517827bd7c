import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { verbs } from "./language.js";
import { accuracy, drawCorpus, drawLabelled, fineTune, guess, maskWords, newClassifier, pretrain, tokenizer } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await pretrain({ steps: 2, count: 16 }), await pretrain({ steps: 2, count: 16, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("15 % of the words are targets: 80 % of them are hidden, 10 % replaced, 10 % kept", () => {
  const x = drawCorpus(4000, new Generator(1)).ids;
  const { masked, targets } = maskWords(x, new Generator(2));
  const [before, after, wanted] = [x, masked, targets].map((each) => [...each.toTypedArray()].map(Number)) as [number[], number[], number[]];
  const positions = [...before.keys()];
  const fraction = (of: readonly number[], among: readonly number[]): number => of.length / among.length;
  const chosen = positions.filter((at) => wanted[at] !== -100);
  expect(chosen.every((at) => wanted[at] === before[at])).toBe(true);
  expect(positions.every((at) => wanted[at] !== -100 || after[at] === before[at])).toBe(true);
  expect(fraction(chosen, positions.filter((at) => !tokenizer.vocabulary.isSpecial(Number(before[at]))))).toBeCloseTo(0.15, 2);
  expect(Math.abs(fraction(chosen.filter((at) => after[at] === tokenizer.vocabulary.special.mask), chosen) - 0.8)).toBeLessThan(0.02);
  expect(Math.abs(fraction(chosen.filter((at) => after[at] === before[at]), chosen) - 0.1)).toBeLessThan(0.02);
});

test("a sentence is its words between two special tokens, and padding hides behind a mask", () => {
  const { ids, keyPaddingMask } = drawCorpus(50, new Generator(1));
  const [rows, masks] = [ids.toArray() as number[][], keyPaddingMask.toArray() as boolean[][]];
  rows.forEach((row, at) => {
    const own = row.filter((_, step) => masks[at]?.[step] === false);
    expect([...tokenizer.encode(tokenizer.decode(own))]).toEqual(own);
    expect(tokenizer.decode(row)).toBe(tokenizer.decode(own));
  });
});

test("a classifier takes over everything but its pooler and its head", async () => {
  const { model } = await pretrain({ steps: 1, count: 4 });
  const [from, to] = [model.bert.stateDict(), newClassifier(model, new Generator(3)).bert.stateDict()];
  expect(Object.keys(to).filter((name) => !Object.hasOwn(from, name))).toEqual(["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"]);
  const shared = Object.keys(to).filter((name) => Object.hasOwn(from, name));
  const values = (of: typeof from): unknown[] => shared.map((name) => of[name]?.toArray());
  expect(values(to)).toEqual(values(from));
});

test("after guessing hidden words, few labels suffice", async () => {
  const { model } = await pretrain();
  const words = guess(model, "the clerk was [MASK] by the wolf", 6).filter(({ word }) => verbs.animal.includes(word));
  expect(words.reduce((sum, { probability }) => sum + probability, 0)).toBeGreaterThan(0.55);

  const unseen = drawLabelled(1000, new Generator(4));
  const sentences = drawLabelled(32, new Generator(5));
  const pretrained = accuracy(await fineTune(sentences, { pretrained: model }), unseen);
  const scratch = accuracy(await fineTune(sentences), unseen);
  expect(pretrained).toBeGreaterThan(0.85);
  expect(scratch).toBeLessThan(0.7);
});
