import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeImage } from "@nn/images";
import { fromOnnx } from "@nn/onnx";
import * as ort from "onnxruntime-web";
import { beforeAll, describe, expect, test } from "vitest";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";
import { hostile, predictedBy, stripe, tables, trainAll, type Predicted, type Value } from "./trained.js";

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

const root = temporaryFolder();
const call = callIn(root);

/** What a module exports. */
interface Exported {
  readonly predict: (given: unknown) => Predicted;
  readonly classes: readonly string[];
  readonly columns?: readonly { readonly name: string }[];
  readonly image?: object;
}

async function moduleOf(name: string): Promise<Exported> {
  const file = join(root, `${name}.mjs`);
  const { code, notes } = await call("export", join(root, name), "--output", file, "--force");
  expect([code, notes]).toEqual([0, ""]);
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(await readFile(file, "utf8"))}`)) as Exported;
}

/** The features of an image, one channel after the other. */
async function planesOf(bytes: Uint8Array, channels: 1 | 3): Promise<Float32Array> {
  return Float32Array.from((await decodeImage(bytes, { channels })).toTypedArray());
}

function expectSame(answer: Predicted, expected: Predicted | undefined): void {
  expect(answer.prediction).toBe(expected?.prediction);
  expect(Object.keys(answer.probabilities ?? {})).toEqual(Object.keys(expected?.probabilities ?? {}));
  for (const [name, probability] of Object.entries(answer.probabilities ?? {})) expect(probability).toBeCloseTo(expected?.probabilities?.[name] ?? Number.NaN, 4);
}

beforeAll(() => trainAll(root));

describe("a model as a module of JavaScript", () => {
  test.each(Object.keys(tables))("answers for %s as nn-mlp predict does", async (name) => {
    const { predict } = await moduleOf(name);
    const expected = await predictedBy(root, name);
    const rows = tables[name]?.rows ?? [];
    expect(expected).toHaveLength(rows.length);
    rows.forEach((row, at) => expectSame(predict(row), expected[at]));
  });

  test.each([1, 3] as const)("answers for images of %d channels as nn-mlp predict does", async (channels) => {
    const { predict, classes, image } = await moduleOf(`images-${channels}`);
    expect([classes, image]).toEqual([["lying", "upright"], { height: 6, width: 8, channels }]);
    for (const upright of [true, false]) {
      const bytes = stripe(upright, 2, channels);
      const file = join(root, "stripe.png");
      await writeFile(file, bytes);
      const [expected] = await predictedBy(root, `images-${channels}`, file);
      expectSame(predict(await planesOf(bytes, channels)), expected);
    }
    expect(() => predict([1])).toThrow(`expected a row of ${48 * channels} finite numbers`);
  });

  test("refuses what is no row, as nn-mlp predict does", async () => {
    const { predict, columns } = await moduleOf("flowers");
    const [row] = tables["flowers"]?.rows ?? [];
    expect(columns?.map(({ name }) => name)).toEqual(["sepal_length", "sepal_width", "petal_length", "petal_width", "colour"]);
    expect(() => predict([1, 2])).toThrow("predict: expected an object with a value for each column");
    expect(() => predict(null)).toThrow("expected an object");
    expect(() => predict({ ...row, petal_width: "1.5" })).toThrow('predict: "petal_width" is "1.5", expected a number');
    expect(() => predict({ ...row, petal_width: 1e39 })).toThrow('"petal_width" is 1e+39, expected a number');
    for (const missing of [undefined, null, Number.NaN, "", " NA "]) expect(() => predict({ ...row, petal_width: missing })).toThrow('"petal_width" is missing, expected a number');
    expect(() => predict({ ...row, colour: null })).toThrow('"colour" is missing, expected a text');
    // A category that training did not have is none of the known ones; other columns do not matter.
    expect(predict({ ...row, colour: " blue ", other: 3 })).toEqual(predict(row ?? null));
  });

  test("has no answer for a row that lacks a value, if such rows were dropped", async () => {
    const { predict } = await moduleOf("visits");
    const [row] = tables["visits"]?.rows ?? [];
    expect(predict({ ...row, at: null })).toEqual({ prediction: null, probabilities: null });
    for (const at of ["2024-02-30T10:00", "2024-02-11", "11.02.2024 10:00", "2024-02-11T24:00", "soon", 3]) expect(() => predict({ ...row, at })).toThrow("expected a date with a time such as 2024-02-29T13:45");
    expect(predict({ ...row, at: "2024-02-11T11:45:30.5+02:00" })).toEqual(predict(row ?? null));
  });

  test("has names with quotes and tags as texts", async () => {
    const { classes } = await moduleOf("visits");
    expect(classes).toEqual(hostile.classes);
    const text = await readFile(join(root, "visits.mjs"), "utf8");
    expect(text).not.toContain("</");
    expect(text).not.toContain("\u2028");
  });

  test("is a few kilobytes that are read easily", async () => {
    await moduleOf("flowers");
    const text = await readFile(join(root, "flowers.mjs"), "utf8");
    expect(text.length).toBeLessThan(6000);
    expect(text.replaceAll(/-?\d+\.\d{3,}/g, "…").replace(/nn-mlp \d+\.\d+\.\d+/, "nn-mlp")).toMatchSnapshot();
  });
});

/** An exported file in ONNX Runtime, and its metadata. */
async function sessionOf(name: string): Promise<{ readonly session: ort.InferenceSession; readonly metadata: Readonly<Record<string, string>> }> {
  const file = join(root, `${name}.onnx`);
  const { code, notes } = await call("export", join(root, name), "--format", "onnx", "--output", file, "--force");
  expect([code, notes]).toEqual([0, ""]);
  const bytes = await readFile(file);
  return { session: await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] }), metadata: fromOnnx(bytes).metadata };
}

/** The number of a date's part, or of a number; NaN if it is missing. */
function numberFor(row: Readonly<Record<string, Value>>, feature: string): number {
  const value = row[feature];
  if (value !== undefined) return value === null ? Number.NaN : Number(value);
  const [, column = "", part = ""] = /^(.*) (\w+)$/.exec(feature) ?? [];
  const date = new Date(`${String(row[column])}${String(row[column]).includes("T") ? "" : "T00:00"}Z`);
  const parts: Readonly<Record<string, number>> = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() || 7, hour: date.getUTCHours(), minute: date.getUTCMinutes() };
  return parts[part] ?? Number.NaN;
}

/** Tensors for rows, made from what the metadata say. */
function inputsFor(rows: readonly Readonly<Record<string, Value>>[], metadata: Readonly<Record<string, string>>): Record<string, ort.Tensor> {
  const numbers = JSON.parse(metadata["numbers"] ?? "") as readonly string[];
  const categories = JSON.parse(metadata["categories"] ?? "") as readonly { readonly name: string; readonly categories: readonly string[] }[];
  return {
    ...(numbers.length === 0 ? {} : { numbers: new ort.Tensor("float64", Float64Array.from(rows.flatMap((row) => numbers.map((name) => numberFor(row, name)))), [rows.length, numbers.length]) }),
    ...(categories.length === 0 ? {} : { categories: new ort.Tensor("int32", Int32Array.from(rows.flatMap((row) => categories.map(({ name, categories: all }) => all.indexOf(String(row[name]))))), [rows.length, categories.length]) }),
  };
}

async function answersOf(session: ort.InferenceSession, inputs: Record<string, ort.Tensor>, classes: readonly string[]) {
  const { probabilities, prediction } = await session.run(inputs);
  const values = Array.from(probabilities?.data as Float32Array);
  return Array.from(prediction?.data as Int32Array, (index, at) => ({ index: Number(index), prediction: classes[Number(index)], probabilities: values.slice(at * classes.length, (at + 1) * classes.length) }));
}

describe("a model as an ONNX file", () => {
  test.each(Object.keys(tables))("answers for %s in ONNX Runtime as nn-mlp predict does", async (name) => {
    const { session, metadata } = await sessionOf(name);
    const classes = JSON.parse(metadata["classes"] ?? "") as readonly string[];
    const answers = await answersOf(session, inputsFor(tables[name]?.rows ?? [], metadata), classes);
    const expected = await predictedBy(root, name);
    expect(answers.map(({ prediction }) => prediction)).toEqual(expected.map(({ prediction }) => prediction));
    answers.forEach(({ probabilities }, at) => probabilities.forEach((probability, index) => expect(probability).toBeCloseTo(expected[at]?.probabilities?.[classes[index] ?? ""] ?? Number.NaN, 4)));
    await session.release();
  });

  test.each([1, 3] as const)("answers for images of %d channels as nn-mlp predict does", async (channels) => {
    const { session, metadata } = await sessionOf(`images-${channels}`);
    const bytes = stripe(true, 3, channels);
    await writeFile(join(root, "one.png"), bytes);
    const answers = await answersOf(session, { images: new ort.Tensor("float32", await planesOf(bytes, channels), [1, channels, 6, 8]) }, JSON.parse(metadata["classes"] ?? "") as readonly string[]);
    const [expected] = await predictedBy(root, `images-${channels}`, join(root, "one.png"));
    expect(answers[0]?.prediction).toBe(expected?.prediction);
    answers[0]?.probabilities.forEach((probability, at) => expect(probability).toBeCloseTo(Object.values(expected?.probabilities ?? {})[at] ?? Number.NaN, 4));
    await session.release();
  });

  test("has no answer for a row that lacks a number, unless missing ones count as the mean", async () => {
    const { session, metadata } = await sessionOf("visits");
    const rows = [{ at: "2024-02-11T11:45", constructor: "unknown" }, ...(tables["visits"]?.rows ?? [])];
    const [first, second] = await answersOf(session, inputsFor(rows, metadata), ["a", "b"]);
    expect([first?.index, first?.probabilities]).toEqual([-1, [Number.NaN, Number.NaN]]);
    expect(second?.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(metadata["missing"]).toBe("drop");
    await session.release();
  });
});
