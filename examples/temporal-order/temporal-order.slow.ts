import { concat, Generator, narrow } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, draw, evidence, train } from "./main.js";

test("compiled training gives the losses of eager training", async () => {
  const [compiled, eager] = [await train({ steps: 2, count: 8 }), await train({ steps: 2, count: 8, compile: false })];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
});

test("a bidirectional LSTM with projections learns the order of events", async () => {
  const { model } = await train();
  const unseen = draw(500, new Generator(3));
  expect(accuracy(model, unseen)).toBeGreaterThan(0.98);
  // All of the pooled features come from steps before the end.
  const [sequences] = unseen;
  const beforeEnd = evidence(model, sequences).sum(1);
  expect(beforeEnd.sub(1).abs().max().item()).toBeLessThan(1e-5);

  // Symbols after the end of a sequence have no effect.
  const longer = { ...sequences, x: concat([sequences.x, narrow(sequences.x, 1, 0, 5)], 1) };
  expect(model.forward(longer).sub(model.forward(sequences)).abs().max().item()).toBeLessThan(1e-5);
});
