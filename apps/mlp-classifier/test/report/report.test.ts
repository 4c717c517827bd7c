import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { tensor, type Tensor } from "@nn/tensor";
import { LabelEncoder, readCsv, TableEncoder, TensorDataset } from "@nn/data";
import type { LoadedData } from "../../src/data/loaded-data.js";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { renderReport, type RunResults } from "../../src/report/report.js";
import type { EpochMetrics } from "../../src/run/metrics-file.js";
import { completeSettings, mergeSettings } from "../../src/settings/merge.js";

const metrics: readonly EpochMetrics[] = [1, 2, 3].map((epoch) => ({
  epoch, learningRate: 0.1 / epoch, trainLoss: 1 / epoch, trainAccuracy: 1 - 0.5 / epoch, validationLoss: 1.1 / epoch, validationAccuracy: 1 - 0.6 / epoch,
  seconds: 2, stepsPerSecond: 50,
}));

async function results(data: LoadedData, predictor: (x: Tensor) => Tensor, more: Partial<RunResults> = {}): Promise<RunResults> {
  const settings = completeSettings(mergeSettings({ data: data.name, target: "<kind>", seed: 9 }), "table");
  return {
    settings, data, metrics, parameters: 1234, bestEpoch: 2, keptEpoch: 2, state: "Stopped early.", seconds: 6, stepsPerSecond: 50,
    architecture: { features: data.features, classes: data.classes.length, hidden: [4], activation: "relu", dropout: 0, batchNorm: false, ensemble: 1 },
    test: { evaluation: await evaluate(predictor, data.test, data.classes), predictor }, written: new Date(Date.UTC(2026, 2, 1, 14, 25)), ...more,
  };
}

/** Two images of 2 x 2 pixels; the network takes both for the second class. */
async function imageReport(): Promise<string> {
  const split = new TensorDataset(tensor([[0, 0.5, 1, 0], [1, 1, 0, 0]]), tensor([0, 1], { dtype: "int32" }));
  const data: LoadedData = {
    name: "tiny", classes: ["<zero>", "one & only"], features: 4, source: null, input: { kind: "image", height: 2, width: 2, channels: 1 }, train: split, validation: split, test: split,
  };
  return renderReport(await results(data, (x) => tensor(Array.from({ length: x.shape[0] ?? 0 }, () => [0, 2]))));
}

/** Points in the plane. */
async function planeReport(): Promise<string> {
  const table = await readCsv("across,up,<kind>\n1,2,a\n3,4,b\n5,6,a\n");
  const encoder = TableEncoder.fit(table, { exclude: ["<kind>"] });
  const labels = LabelEncoder.fit(table.categorical("<kind>"));
  const split = new TensorDataset(encoder.transform(table), labels.transform(table.categorical("<kind>")));
  const data: LoadedData = {
    name: "plane", classes: ["a", "b"], features: 2, train: split, validation: undefined, test: split, testRows: table,
    source: null, input: { kind: "table", target: "<kind>", columns: [], missing: "error", encoder: encoder.toJSON(), labels: labels.toJSON() },
  };
  return renderReport(await results(data, (x) => x));
}

describe("the report of images", () => {
  test("is self-contained: no scripts, no external addresses", async () => {
    const html = await imageReport();
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/<script|<link|https?:\/\//);
    expect([...html.matchAll(/(?:src|href)="([^"]{0,10})/g)].every(([, address]) => address === "data:image")).toBe(true);
    expect(html).not.toMatch(/NaN|undefined/);
  });

  test("shows accuracy, epochs and settings", async () => {
    const html = await imageReport();
    expect(html).toContain("tiny: 50.00% of 2 test examples correct");
    expect(html).toContain("weights of 2 kept");
    expect(html).toContain("Stopped early.");
    expect(html).toContain("nn-mlp train --data tiny");
    expect(html).toContain("2026-03-01 14:25 UTC, 3 epochs");
  });

  test("shows what was confused, with names escaped", async () => {
    const html = await imageReport();
    expect(html).toContain('title="&lt;zero&gt; taken for one &amp; only: 1 of 1 (100.0%)"');
    expect(html).not.toContain("<zero>");
    expect(html.match(/<img /g)).toHaveLength(1);
    expect(html).toContain('predicted <b class="wrong">one &amp; only</b>');
    expect(html).toContain("<span>88%</span>");
  });

  test("has light and dark colours", async () => {
    expect(await imageReport()).toContain("prefers-color-scheme: dark");
  });
});

describe("the report of points in the plane", () => {
  test("shows the regions and circles the mistakes", async () => {
    const html = await planeReport();
    expect(html).toContain("The plane as the network sees it");
    expect(html).toContain("regions of the classes in the plane of across and up");
    expect(html.match(/r="3\.6"/g)).toHaveLength(3);
    // The scores are the coordinates: above the diagonal is the second class, orange, and below it the first, blue.
    const { width, height, data } = decode(Buffer.from(/data:image\/png;base64,([^"]*)/.exec(html)?.[1] ?? "", "base64"));
    const colourAt = (x: number, y: number): readonly number[] => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
    const [[red = 0, , blue = 0], [below = 0, , deep = 0]] = [colourAt(0, 0), colourAt(width - 1, height - 1)] as const;
    expect([width, height, red > blue, deep > below]).toEqual([160, 160, true, true]);
    expect(html).not.toMatch(/NaN|undefined/);
  });

  test("lists mistakes with the values of the file", async () => {
    const html = await planeReport();
    // The features are equal, so all points are taken for the first class.
    expect(html).toContain('<tr><th scope="row">b</th><td>a</td><td>50%</td><td>3</td><td>4</td></tr>');
  });
});

test("says that there are no mistakes", async () => {
  const split = new TensorDataset(tensor([[1, 0, 0, 0], [0, 1, 0, 0]]), tensor([0, 1], { dtype: "int32" }));
  const data: LoadedData = {
    name: "easy", classes: ["a", "b"], features: 4, source: null, input: { kind: "image", height: 2, width: 2, channels: 1 }, train: split, validation: undefined, test: split,
  };
  const html = await renderReport(await results(data, (x) => x.reshape([2, 2, 2]).sum(1), { bestEpoch: null, keptEpoch: 3 }));
  expect(html).toContain("None: all of 2 test examples were correct.");
});

test("a learning rate that stays the same has no chart", async () => {
  const split = new TensorDataset(tensor([[1, 0], [0, 1]]), tensor([0, 1], { dtype: "int32" }));
  const data: LoadedData = { name: "steady", classes: ["a", "b"], features: 2, source: null, input: { kind: "image", height: 1, width: 2, channels: 1 }, train: split, validation: split, test: split };
  const titles = async (more: Partial<RunResults>): Promise<readonly string[]> => [...(await renderReport(await results(data, (x) => x, more))).matchAll(/class="chart-title">([^<]*)/g)].map(([, title = ""]) => title);
  expect(await titles({})).toContain("Learning rate");
  expect(await titles({ metrics: metrics.map((each) => ({ ...each, learningRate: 0.1 })) })).not.toContain("Learning rate");
});

test("many classes get a matrix of small cells", async () => {
  const classes = Array.from({ length: 30 }, (_, at) => `class ${at}`);
  const split = new TensorDataset(tensor([[0, 0, 0, 1]]), tensor([3], { dtype: "int32" }));
  const data: LoadedData = { name: "many", classes, features: 4, source: null, input: { kind: "image", height: 2, width: 2, channels: 1 }, train: split, validation: undefined, test: split };
  const html = await renderReport(await results(data, () => tensor([classes.map((_, at) => at)])));
  expect(html).toContain('aria-label="confusion matrix of 30 classes"');
  expect(html.match(/>class 17<\/text>/g)).toHaveLength(2);
  expect(html).toContain("<title>class 3 taken for class 29: 1 of 1 (100.0%)</title>");
});

test("127 classes, all of them confused, give a small page that names them", async () => {
  const classes = Array.from({ length: 127 }, (_, at) => `species with a long name ${at}`);
  const count = 127 * 20;
  const split = new TensorDataset(tensor(Array.from({ length: count }, () => [0, 0, 0, 1])), tensor(Array.from({ length: count }, (_, at) => at % 127), { dtype: "int32" }));
  const data: LoadedData = { name: "many", classes, features: 4, source: null, input: { kind: "image", height: 2, width: 2, channels: 1 }, train: split, validation: undefined, test: split };
  let seen = 0;
  const html = await renderReport(await results(data, (x) => tensor(Array.from({ length: x.shape[0] ?? 0 }, () => { const guess = (seen * 31 + Math.floor(seen++ / 127) * 17) % 127; return classes.map((_, at) => (at === guess ? 3 : 0)); }))));
  expect(html.length).toBeLessThan(600_000);
  expect(html.match(/>species w…[^<]*99<\/text>/g)).toHaveLength(2);
  expect(html).toContain("cells are not drawn");
});

test("shows the treatment of columns and rows, the baseline, the calibration and the learning rate", async () => {
  const split = new TensorDataset(tensor([[1, 0], [0, 1], [0, 2]]), tensor([0, 1, 1], { dtype: "int32" }));
  const data: LoadedData = {
    name: "told", classes: ["a", "b"], features: 2, source: null, input: { kind: "image", height: 1, width: 2, channels: 1 }, train: split, validation: split, test: split,
    summary: {
      columns: [
        { name: "id\u001B", role: "ignored", kind: "text", distinct: 3, missing: 0, detail: "nearly as many values as rows" },
        { name: "y", role: "class", kind: "category", distinct: 2, missing: 4, detail: "" },
      ],
      missing: { rows: 7, withoutClass: 4, dropped: 4, columns: [{ name: "y", kind: "number", rows: 4 }] }, warnings: ["4 rows of 7 have no class & are left out."], classCounts: [1, 2],
    },
  };
  const html = await renderReport(await results(data, (x) => x, { keptEpoch: 2 }));
  expect(html).toContain('id\\u001b</th><td class="kind">ignored</td><td>–</td>');
  expect(html).toContain("<li>4 rows of 7 have no class &amp; are left out.</li>");
  expect(html).toContain("<dt>Baseline</dt><dd>66.67%<small>always b</small>");
  expect(html).toContain("The weights of epoch 2 are kept, with the lowest validation loss: 0.5500, accuracy 70.00%.");
  for (const title of ["Loss", "Accuracy", "Learning rate", "Calibration"]) expect(html).toContain(`<span class="chart-title">${title}</span>`);
  expect(html).not.toMatch(/NaN|undefined/);
});
