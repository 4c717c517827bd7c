import { Generator } from "@nn/tensor";
import * as ort from "onnxruntime-web";
import { expect, test } from "vitest";
import { dataOf } from "../src/tasks/playground/examples.js";
import { networkOf } from "../src/tasks/playground/network.js";
import { onnxFileOf } from "../src/tasks/playground/onnx-file.js";
import { classCount, consistent, firstSettings, inputCount, type PlaygroundSettings } from "../src/tasks/playground/settings.js";
import { ownDataOf, readTable } from "../src/tasks/playground/table.js";
import { trainedModuleOf } from "../src/tasks/playground/trained-module.js";
import { cases } from "./playground-cases.js";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** Compares what ONNX Runtime answers with what the module of JavaScript does. */
async function expectSame(settings: PlaygroundSettings): Promise<void> {
  const { model } = networkOf(settings, new Generator(3));
  // Batch normalisation gets its running statistics.
  model.forward(dataOf(settings).train.tensors[0]);
  const { predict } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(trainedModuleOf(settings, model))}`) as { readonly predict: (row: readonly number[]) => readonly number[] };
  const inputs = inputCount(settings);
  const rows = [0, 1, 2].map((row) => Array.from({ length: inputs }, (_, at) => ((row * 7 + at * 3) % 5) / 4));
  const session = await ort.InferenceSession.create(onnxFileOf(settings, model), { executionProviders: ["wasm"] });
  try {
    const { answers } = await session.run({ rows: new ort.Tensor("float32", rows.flat(), [rows.length, inputs]) });
    expect(answers?.dims).toEqual([rows.length, Math.max(1, classCount(settings))]);
    const expected = rows.flatMap((row) => predict(row));
    expected.forEach((value, at) => expect(Math.abs(Number(answers?.data[at]) - value) / Math.max(1, Math.abs(value))).toBeLessThan(1e-4));
  } finally {
    await session.release();
  }
  expect(model.training).toBe(true);
}

test.each(cases)("an ONNX file answers as the module of JavaScript: %s", async (_, change) => {
  await expectSame(consistent({ ...firstSettings, ...change }));
});

test("an ONNX file takes and gives the numbers of a table", async () => {
  const own = ownDataOf(await readTable("width,height,price\n1,10,100\n2,30,150\n3,20,200\n4,40,300\n5,50,280\n2,25,170\n"), { inputs: ["width", "height"], target: "price" });
  await expectSame(consistent({ ...firstSettings, problem: "regression", data: "table", own }));
});
