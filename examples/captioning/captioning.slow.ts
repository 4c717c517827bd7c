import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, createCaptioner, createData, drawUnseen, train } from "./main.js";
import { drawScenes } from "./scenes.js";

test("a compiled step gives the losses of an eager one", () => {
  const random = new Generator(2);
  const data = createData(drawScenes(8, random), random);
  const { step: eagerly } = createCaptioner({ steps: 100 });
  const compiled = compile(createCaptioner({ steps: 100 }).step);
  for (const batch of [data.batch([0, 1, 2, 3]), data.batch([4, 5, 6, 7])]) expect(compiled(...batch).item()).toBeCloseTo(eagerly(...batch).item(), 4);
});

test("captions of unseen images are right word for word, also those that training never shows", () => {
  const model = train();
  const { known, heldOut } = drawUnseen();
  expect(accuracy(model, known, new Generator(4))).toBeGreaterThan(0.95);
  expect(heldOut).toHaveLength(100);
  expect(accuracy(model, heldOut, new Generator(4))).toBeGreaterThan(0.9);
});
