import { BatchNorm2d, buildModel, Conv1d, Conv2d, describeModel, Dropout, Flatten, layerClasses, Linear, type Module, ReLU, Sequential } from "@nn/layers";
import { defaultGenerator, Generator, manualSeed, normal, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { Bfloat16Conv2d, Bfloat16Linear, loadQuantized, quantizedClasses, toBfloat16 } from "../src/index.js";
import { bfloat16Words } from "../src/bfloat16-words.js";

const generator = new Generator(5);
const random = (...shape: number[]): Tensor => normal(shape, { generator });
const mlp = (): Sequential => new Sequential(new Linear(20, 16, { generator }), new ReLU(), new Linear(16, 5, { generator })).eval();
const values = (model: Module): unknown => Object.entries(model.stateDict()).map(([name, value]) => [name, value.toArray()]);

describe("bfloat16Words", () => {
  it("rounds, and puts two weights of a column in a word, by panels of 16 columns", () => {
    const columns = 18;
    const weight = tensor(Float32Array.from({ length: 3 * columns }, (_, at) => at + 1 / 1024), { shape: [columns, 3] });
    const words = Array.from(bfloat16Words(weight).toTypedArray());
    const half = (x: number): number => (new Uint32Array(Float32Array.of(x).buffer)[0] ?? 0) >>> 16;
    const word = (column: number, i: number): number => half(3 * column + 2 * i) | (i === 1 ? 0 : half(3 * column + 1) << 16);
    const panel = (from: number, to: number): number[] => [0, 1].flatMap((i) => Array.from({ length: to - from }, (_, at) => word(from + at, i)));
    expect(words.slice(1)).toEqual([...panel(0, 16), ...panel(16, 18)].slice(1));
    expect(words[0]).toBe(half(2 ** -10) | (half(1) << 16));
  });
});

describe("toBfloat16", () => {
  it("returns a model with half of the bytes whose outputs are close, and leaves the model as it was", () => {
    const model = mlp();
    const before = values(model);
    const { model: small, report } = toBfloat16(model, { batches: [random(64, 20), random(64, 20)] });
    expect(values(model)).toEqual(before);
    expect(small.layers.map((layer) => layer.constructor)).toEqual([Bfloat16Linear, ReLU, Bfloat16Linear]);
    expect(small.training).toBe(false);
    const x = random(100, 20);
    const [expected, actual] = [model.forward(x), small.forward(x)];
    expect(10 * Math.log10(expected.square().sum().item() / actual.sub(expected).square().sum().item())).toBeGreaterThan(45);
    expect(report.decibels).toBeGreaterThan(45);
    expect(report.layers).toEqual([
      { name: "0", kind: "Linear", decibels: expect.any(Number) as number, bytes: { before: 4 * (320 + 16), after: 2 * 320 + 4 * 16 } },
      { name: "2", kind: "Linear", decibels: expect.any(Number) as number, bytes: { before: 4 * (80 + 5), after: 2 * 80 + 4 * 5 } },
    ]);
    expect(report.layers.every(({ decibels = 0 }) => decibels > 45)).toBe(true);
    expect(report.bytes).toEqual({ before: 4 * 421, after: 2 * 400 + 4 * 21 });
  });

  it("needs no data, but says nothing of what is lost without them", () => {
    const { report, table } = toBfloat16(mlp());
    expect([report.decibels, report.score, ...report.layers.map(({ decibels }) => decibels)]).toEqual([undefined, undefined, undefined, undefined]);
    expect(table.split("\n")).toEqual([
      "layer  class   SNR (dB)  bytes",
      "0      Linear  –         1344 → 704",
      "2      Linear  –         340 → 180",
      "",
      "bytes: 1684 → 884 (52 %)",
    ]);
  });

  it("converts convolutions, and says why other layers stay as they are", () => {
    const model = new Sequential(
      new Conv2d(3, 8, 3, { padding: 1, generator }), new BatchNorm2d(8), new ReLU(), new Conv2d(8, 8, 3, { groups: 8, generator }), new Conv2d(8, 4, 1, { generator }), new Flatten(), new Dropout(0.5), new Linear(64, 2, { generator }),
    ).eval();
    const { model: small, report } = toBfloat16(model, { batches: [random(8, 3, 6, 6)], keep: ["7"] });
    expect(small.layers[4]).toBeInstanceOf(Bfloat16Conv2d);
    expect(report.layers.map(({ name }) => name)).toEqual(["0", "4"]);
    expect(report.unchanged).toEqual([
      { name: "1", kind: "BatchNorm2d", reason: "there is no form of BatchNorm2d with bfloat16" },
      { name: "3", kind: "Conv2d", reason: "its channels are in 8 groups" },
      { name: "7", kind: "Linear", reason: "it was asked for" },
    ]);
    expect(report.decibels).toBeGreaterThan(40);
  });

  it("draws no random numbers, tells the score of both models, and takes copies", () => {
    manualSeed(1);
    const before = defaultGenerator().stateDict();
    const seen: unknown[] = [];
    const { report, model } = toBfloat16(mlp(), { evaluate: (each) => seen.push(each), copy: mlp });
    expect(report.score).toEqual({ before: 1, after: 2 });
    expect(seen[1]).toBe(model);
    expect(defaultGenerator().stateDict()).toEqual(before);
  });

  it("refuses what it cannot convert", () => {
    const model = mlp();
    const refused = (run: () => unknown): void => expect(run).toThrowErrorMatchingSnapshot();
    refused(() => toBfloat16(model, { batches: [] }));
    refused(() => toBfloat16(model, { batches: random(2, 20) as never }));
    refused(() => toBfloat16(model, { batches: [[]] }));
    refused(() => toBfloat16(mlp().train()));
    refused(() => toBfloat16(new Sequential(new ReLU()).eval()));
    refused(() => toBfloat16(new Sequential(new Conv1d(20, 2, 1), new Linear(3, 1, { dtype: "float64" })).eval()));
    refused(() => toBfloat16(model, { keep: ["1", "22"] }));
    refused(() => toBfloat16(model, { evaluate: () => NaN }));
    refused(() => toBfloat16(model, { bits: 4 } as object));
    refused(() => toBfloat16("model" as never));
    refused(() => toBfloat16(toBfloat16(model).model));
  });
});

describe("a model with bfloat16", () => {
  it("is loaded from its state dictionary", () => {
    const { model: small } = toBfloat16(mlp(), { keep: ["2"] });
    expect(Object.keys(small.stateDict())).toEqual(["0.words", "0.bias", "2.weight", "2.bias"]);
    const again = loadQuantized(mlp(), small.stateDict());
    expect(again.layers.map((layer) => layer.constructor.name)).toEqual(["Bfloat16Linear", "ReLU", "Linear"]);
    const x = random(3, 20);
    expect(again.forward(x).toArray()).toEqual(small.forward(x).toArray());
    expect(() => loadQuantized(mlp(), { "0.words": zeros([160], { dtype: "int32" }) })).toThrow(/missing: 0.bias/);
  });

  it("is described and built again", () => {
    const model = new Sequential(new Conv2d(2, 3, 3, { padding: [[0, 1], 1], stride: 2, generator }), new Flatten(), new Linear(12, 2, { bias: false, generator })).eval();
    const { model: small } = toBfloat16(model);
    const classes = { ...layerClasses, ...quantizedClasses };
    const again = buildModel(describeModel(small, classes), classes) as typeof small;
    again.loadStateDict(small.stateDict());
    const x = random(2, 2, 5, 4);
    expect(again.forward(x).toArray()).toEqual(small.forward(x).toArray());
    expect(String(small)).toMatchInlineSnapshot(`
      "Sequential(
        (0): Bfloat16Conv2d(outputs: 3, inChannels: 2, outChannels: 3, kernelSize: [3, 3], padding: [[0, 1], 1], stride: 2)
        (1): Flatten()
        (2): Bfloat16Linear(outputs: 2, inFeatures: 12, outFeatures: 2, bias: false)
      )"
    `);
  });
});
