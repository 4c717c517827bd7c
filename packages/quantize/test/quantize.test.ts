import { BatchNorm2d, buildModel, Conv1d, Conv2d, describeModel, Dropout, Flatten, layerClasses, Linear, Module, ReLU, Sequential, Tanh } from "@nn/layers";
import { defaultGenerator, Generator, manualSeed, normal, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { loadQuantized, quantize, quantizedClasses, QuantizedConv2d, QuantizedLinear } from "../src/index.js";

const generator = new Generator(5);
const random = (...shape: number[]): Tensor => normal(shape, { generator });
const mlp = (): Sequential => new Sequential(new Linear(20, 16, { generator }), new ReLU(), new Linear(16, 4, { generator })).eval();
const values = (model: Module): unknown => Object.entries(model.stateDict()).map(([name, value]) => [name, value.toArray()]);

class Block extends Module {
  readonly first = new Linear(6, 8, { generator });
  readonly #hidden = new Linear(8, 6, { generator });
  forward(x: Tensor): Tensor {
    return x.add(this.#hidden.forward(this.first.forward(x).relu()));
  }
  protected override fields(): Iterable<readonly [string, unknown]> {
    return [...super.fields(), ["hidden", this.#hidden]];
  }
}

describe("quantize", () => {
  it("returns a model of whole numbers whose outputs are close, and leaves the model as it was", () => {
    const model = mlp();
    const before = values(model);
    const calibration = [random(64, 20), random(64, 20)];
    const { model: small, report } = quantize(model, calibration);
    expect(values(model)).toEqual(before);
    expect(small).toBeInstanceOf(Sequential);
    expect(small.layers.map((layer) => layer.constructor)).toEqual([QuantizedLinear, ReLU, QuantizedLinear]);
    expect(small.training).toBe(false);
    const x = random(100, 20);
    const [expected, actual] = [model.forward(x), small.forward(x)];
    expect(10 * Math.log10(expected.square().sum().item() / actual.sub(expected).square().sum().item())).toBeGreaterThan(30);
    expect(report.decibels).toBeGreaterThan(30);
    expect(report.layers.map(({ name, kind, inputZero, bytes }) => ({ name, kind, inputZero, bytes }))).toEqual([
      { name: "0", kind: "Linear", inputZero: expect.any(Number) as number, bytes: { before: 4 * (320 + 16), after: 320 + 4 * (3 * 16 + 2) } },
      { name: "2", kind: "Linear", inputZero: 0, bytes: { before: 4 * (64 + 4), after: 64 + 4 * (3 * 4 + 2) } },
    ]);
    const [first, second] = report.layers;
    expect(first?.decibels).toBeGreaterThan(30);
    expect(first?.inputRange).toEqual([Math.min(...calibration.map((batch) => batch.min().item())), Math.max(...calibration.map((batch) => batch.max().item()))]);
    expect(second?.inputStep).toBeCloseTo((second?.inputRange[1] ?? 0) / 127, 6);
    expect(report.bytes).toEqual({ before: 4 * 404, after: 640 });
  });

  it("draws no random numbers", () => {
    manualSeed(1);
    const before = defaultGenerator().stateDict();
    quantize(mlp(), [random(4, 20)]);
    expect(defaultGenerator().stateDict()).toEqual(before);
  });

  it("quantizes convolutions, and says why other layers stay as they are", () => {
    const model = new Sequential(
      new Conv2d(3, 8, 3, { padding: 1, generator }), new BatchNorm2d(8), new ReLU(), new Conv2d(8, 8, 3, { groups: 8, generator }), new Conv2d(8, 4, 1, { generator }), new Flatten(), new Dropout(0.5), new Linear(64, 2, { generator }),
    ).eval();
    const { model: small, report, table } = quantize(model, [random(8, 3, 6, 6)], { keep: ["7"] });
    expect(small.layers[4]).toBeInstanceOf(QuantizedConv2d);
    expect(report.layers.map(({ name }) => name)).toEqual(["0", "4"]);
    expect(report.unchanged).toEqual([
      { name: "1", kind: "BatchNorm2d", reason: "there is no form of BatchNorm2d with whole numbers" },
      { name: "3", kind: "Conv2d", reason: "its channels are in 8 groups" },
      { name: "7", kind: "Linear", reason: "it was asked for" },
    ]);
    expect(report.decibels).toBeGreaterThan(25);
    expect(table.split("\n").map((line) => line.replaceAll(/[\d.]+/g, "0").replaceAll(/ +/g, " "))).toMatchInlineSnapshot(`
      [
        "layer class inputs step zero SNR (dB) bytes",
        "0 Conv0d -0 … 0 0 0 0 0 → 0",
        "0 Conv0d -0 … 0 0 0 0 0 → 0",
        "",
        "unchanged class because",
        "0 BatchNorm0d there is no form of BatchNorm0d with whole numbers",
        "0 Conv0d its channels are in 0 groups",
        "0 Linear it was asked for",
        "",
        "bytes: 0 → 0 (0 %)",
        "signal-to-noise ratio of the outputs: 0 dB",
      ]
    `);
  });

  it("reaches layers in private fields, by the option copy", () => {
    const model = new Block().eval();
    expect(() => quantize(model, [random(8, 6)])).toThrow(/this Block cannot be copied .* give the option copy, such as copy: \(\) => new Block\(\)/s);
    const { model: small, report } = quantize(model, [random(64, 6)], { copy: () => new Block() });
    expect(Object.keys(small.stateDict()).filter((name) => name.startsWith("hidden"))).toEqual(["hidden.weight", "hidden.offset", "hidden.scale", "hidden.bias", "hidden.input_factor", "hidden.input_zero"]);
    expect(report.decibels).toBeGreaterThan(30);
    expect(small.forward(random(2, 6)).shape).toEqual([2, 6]);
    expect(() => quantize(model, [random(8, 6)], { copy: () => model })).toThrowErrorMatchingInlineSnapshot(`[UsageError: quantize: copy returned modules or variables of the model itself; expected new ones]`);
    expect(() => quantize<Module>(model, [random(8, 6)], { copy: mlp })).toThrowErrorMatchingInlineSnapshot(`[UsageError: quantize: copy returned a value of class Sequential, expected another Block]`);
    const [one, two] = [new Sequential(new Linear(2, 2), new Tanh()).eval(), new Sequential(new Linear(2, 2), new ReLU()).eval()];
    expect(() => quantize<Sequential>(one, [zeros([1, 2])], { copy: () => two })).toThrowErrorMatchingInlineSnapshot(`[UsageError: quantize: copy returned a model with other modules; expected the same architecture]`);
  });

  it("tells the score of both models", () => {
    const seen: unknown[] = [];
    const { report, model } = quantize(mlp(), [random(8, 20)], { evaluate: (each) => seen.push(each) });
    expect(report.score).toEqual({ before: 1, after: 2 });
    expect(seen[1]).toBe(model);
    expect(() => quantize(mlp(), [random(8, 20)], { evaluate: () => NaN })).toThrowErrorMatchingInlineSnapshot(`[UsageError: quantize: evaluate returned NaN, expected a number]`);
  });

  it("tells more apart if the range leaves out the largest inputs", () => {
    const model = mlp();
    const x = random(200, 20);
    const outlier = tensor(Float32Array.from(x.toTypedArray(), (value, at) => (at === 7 ? 500 : value)), { shape: x.shape });
    const [all, most] = [100, 99.9].map((percentile) => quantize(model, [outlier], { percentile }).model);
    const error = (small: Sequential | undefined): number => small?.forward(x).sub(model.forward(x)).square().mean().item() ?? NaN;
    expect(error(most)).toBeLessThan(error(all) / 20);
  });

  it("refuses what it cannot quantize", () => {
    const model = mlp();
    const refused = (run: () => unknown): void => expect(run).toThrowErrorMatchingSnapshot();
    refused(() => quantize(model, []));
    refused(() => quantize(model, random(2, 20) as never));
    refused(() => quantize(model, [[]]));
    refused(() => quantize(model, [tensor([[NaN]]).expand([2, 20])]));
    refused(() => quantize(mlp().train(), [random(2, 20)]));
    refused(() => quantize(new Sequential(new ReLU()).eval(), [random(2, 20)]));
    refused(() => quantize(new Sequential(new Conv1d(20, 2, 1), new Linear(3, 1, { dtype: "float64" })).eval(), [random(2, 20, 3)]));
    refused(() => quantize(model, [random(2, 20)], { keep: ["1", "22"] }));
    refused(() => quantize(model, [random(2, 20)], { keep: [0] as never }));
    refused(() => quantize(model, [random(2, 20)], { keep: ["0", "2"] }));
    refused(() => quantize(model, [random(2, 20)], { percentile: 50 }));
    refused(() => quantize(model, [random(2, 20)], { bits: 4 } as object));
    refused(() => quantize("model" as never, []));
  });
});

describe("a quantized model", () => {
  it("is loaded from its state dictionary", () => {
    const { model: small } = quantize(mlp(), [random(16, 20)], { keep: ["2"] });
    const again = loadQuantized(mlp(), small.stateDict());
    expect(again.layers.map((layer) => layer.constructor.name)).toEqual(["QuantizedLinear", "ReLU", "Linear"]);
    const x = random(3, 20);
    expect(again.forward(x).toArray()).toEqual(small.forward(x).toArray());
    expect(() => loadQuantized(mlp(), { "0.input_factor": zeros([]) })).toThrow(/missing: 0.weight/);
    expect(() => loadQuantized(mlp(), undefined as never)).toThrowErrorMatchingInlineSnapshot(`[UsageError: loadQuantized: got undefined, expected a state dictionary]`);
  });

  it("is described and built again", () => {
    const model = new Sequential(new Conv2d(2, 3, 3, { padding: [[0, 1], 1], stride: 2, generator }), new Flatten(), new Linear(12, 2, { bias: false, generator })).eval();
    const { model: small } = quantize(model, [random(4, 2, 5, 4)]);
    const classes = { ...layerClasses, ...quantizedClasses };
    const again = buildModel(describeModel(small, classes), classes) as typeof small;
    again.loadStateDict(small.stateDict());
    const x = random(2, 2, 5, 4);
    expect(again.forward(x).toArray()).toEqual(small.forward(x).toArray());
    expect(String(small)).toMatchInlineSnapshot(`
      "Sequential(
        (0): QuantizedConv2d(inChannels: 2, outChannels: 3, kernelSize: [3, 3], padding: [[0, 1], 1], stride: 2)
        (1): Flatten()
        (2): QuantizedLinear(inFeatures: 12, outFeatures: 2, bias: false)
      )"
    `);
  });

  it("cannot be quantized again", () => {
    const { model: small } = quantize(mlp(), [random(4, 20)]);
    expect(() => quantize(small, [random(4, 20)])).toThrow(/nothing to quantize/);
  });
});
