import { compile } from "@nn/compiler";
import { Generator } from "@nn/tensor";
import { expect, test } from "vitest";
import { createTranscriber, textsOf, train, transcribe } from "./main.js";
import { record } from "./recordings.js";

test("a compiled step gives the losses of an eager one", () => {
  const random = new Generator(2);
  const { step: eagerly } = createTranscriber();
  const compiled = compile(createTranscriber().step);
  for (const recordings of [record(4, random), record(4, random)]) expect(compiled(recordings).item()).toBeCloseTo(eagerly(recordings).item(), 4);
});

test("an LSTM learns to transcribe what is spoken, without being told when", () => {
  const model = train();
  const unseen = record(200, new Generator(4));
  const [spoken, heard] = [textsOf(unseen), transcribe(model, unseen)];
  expect(heard.filter((text, index) => text === spoken[index]).length).toBeGreaterThan(190);
});
