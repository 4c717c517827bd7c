import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { ambiguous, accuracy, batchOf, createTagger, train } from "./main.js";
import { drawSentences } from "./language.js";

test("a compiled step gives the losses of an eager one", () => {
  const random = new Generator(2);
  const { step: eagerly } = createTagger({ bidirectional: true });
  const compiled = compile(createTagger({ bidirectional: true }).step);
  for (const batch of [batchOf(drawSentences(8, random)), batchOf(drawSentences(8, random))]) expect(compiled(batch).item()).toBeCloseTo(eagerly(batch).item(), 4);
});

test("reading in both directions tags every word; reading forwards cannot", () => {
  const unseen = batchOf(drawSentences(500, new Generator(3)));
  const both = train({ bidirectional: true });
  expect(accuracy(both, unseen)).toBeGreaterThan(0.995);
  expect(accuracy(both, batchOf([ambiguous]))).toBe(1);
  const forwards = accuracy(train({ bidirectional: false }), unseen);
  expect(forwards).toBeGreaterThan(0.8);
  expect(forwards).toBeLessThan(0.97);
});
