import * as layers from "@nn/layers";
import { toOnnx } from "@nn/onnx";
import { uniform } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { runOnnx } from "../onnx/runtime.js";
import { distance, problemsOfFiles } from "../onnx/trial.js";
import { allLayerEntries } from "../plain/tables.js";

/** Layers that are refused, with what the refusal names. */
const refused: Readonly<Record<string, RegExp>> = { KeyValueCache: /an assignment of KeyValueCache.position/ };

/** Layers without an entry among the plain implementations: they change nothing in evaluation mode. */
const regularization = {
  Dropout: new layers.Dropout(), Dropout1d: new layers.Dropout1d(), Dropout2d: new layers.Dropout2d(), Dropout3d: new layers.Dropout3d(), AlphaDropout: new layers.AlphaDropout(),
  FeatureAlphaDropout: new layers.FeatureAlphaDropout(), GaussianNoise: new layers.GaussianNoise(0.5), StochasticDepth: new layers.StochasticDepth(0.5),
};

/** Bases of layers. */
const abstract = [
  "AdaptiveAvgPool", "AdaptiveMaxPool", "AvgPool", "BatchNorm", "Branches", "ChannelDropout", "ChannelNorm", "Convolution", "InstanceNorm", "LpPool", "MaxPool", "MaxUnpool", "Pad",
  "Recurrent", "RecurrentCell", "TransposedConvolution",
];

describe("layers computed by ONNX Runtime from their ONNX files", { timeout: 60_000 }, () => {
  it.each(Object.entries(allLayerEntries))("%s", async (name, entry) => {
    expect(await problemsOfFiles(name, entry, refused[name])).toEqual([]);
  });

  it.each(Object.entries(regularization))("%s", async (name, layer) => {
    const x = uniform(name === "Dropout1d" ? [2, 3, 4] : name === "Dropout3d" ? [2, 3, 2, 2, 2] : [2, 3, 2, 2]);
    expect(() => toOnnx(layer.train(), { x })).toThrow("is in training mode; call eval() first");
    const { output } = await runOnnx(toOnnx(layer.eval(), { x }), { x });
    expect(distance(output, x)).toBe(0);
  });

  it("are all layers", () => {
    const isLayer = (value: unknown): boolean => typeof value === "function" && value.prototype instanceof layers.Module;
    const names = Object.entries(layers).flatMap(([name, value]) => (isLayer(value) ? [name] : []));
    const known = new Set([...Object.keys(allLayerEntries), ...Object.keys(regularization), ...abstract]);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
