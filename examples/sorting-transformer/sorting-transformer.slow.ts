import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { accuracy, createSorter, draw, train } from "./main.js";

test("a compiled step gives the losses of an eager one", () => {
  const random = new Generator(2);
  const { step: eagerly } = createSorter({ steps: 400 });
  const compiled = compile(createSorter({ steps: 400 }).step);
  for (const task of [draw(8, random), draw(8, random)]) expect(compiled(task).item()).toBeCloseTo(eagerly(task).item(), 4);
});

test("an encoder and a decoder learn to sort digits", () => {
  expect(accuracy(train(), draw(500, new Generator(3)))).toBeGreaterThan(0.98);
});
