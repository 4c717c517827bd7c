import { compile } from "@nn/compiler";
import { concat, Generator, narrow } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, createClassifier, draw, evidence, train } from "./main.js";

test("a compiled step gives the losses of an eager one", () => {
  const random = new Generator(2);
  const { step: eagerly } = createClassifier();
  const compiled = compile(createClassifier().step);
  for (const batch of [draw(8, random), draw(8, random)]) expect(compiled(batch).item()).toBeCloseTo(eagerly(batch).item(), 4);
});

test("a bidirectional LSTM with projections learns the order of events", () => {
  const model = train();
  const unseen = draw(500, new Generator(3));
  expect(accuracy(model, unseen)).toBeGreaterThan(0.98);
  // All of the pooled features come from steps before the end.
  const beforeEnd = evidence(model, unseen).sum(1);
  expect(beforeEnd.sub(1).abs().max().item()).toBeLessThan(1e-5);

  // Symbols after the end of a sequence have no effect.
  const longer = { ...unseen, x: concat([unseen.x, narrow(unseen.x, 1, 0, 5)], 1) };
  expect(model.forward(longer).sub(model.forward(unseen)).abs().max().item()).toBeLessThan(1e-5);
});
