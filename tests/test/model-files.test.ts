import { buildModel, describeModel, layerClasses, Module, moduleClass, Sequential, type ModelDescription } from "@nn/layers";
import { loadModel, writeModel } from "@nn/model-files";
import * as models from "@nn/models";
import { modelClasses, MLP, ResNet } from "@nn/models";
import { describe, expect, it } from "vitest";
import { elementsOf, large, small } from "../model-files/samples.js";
import { withoutElements } from "./reference/models/without-elements.js";

const outputsOf = (model: Module, inputs: readonly unknown[]): readonly unknown[] => elementsOf(Reflect.apply(Reflect.get(model, "forward") as () => unknown, model, inputs));

describe("modelClasses", () => {
  it("has every model, and nothing else", () => {
    // What others make, or what belongs to a model: the head that shares its weight, the base of two segmentation models, a decoder with the sources that it has read.
    const parts: ReadonlySet<string> = new Set(["TiedLinear", "SegmentationNetwork", "Seq2SeqDecoder"]);
    const all = Object.entries(models).filter(([name, value]) => typeof value === "function" && value.prototype instanceof Module && !parts.has(name)).map(([name]) => name);
    expect(Object.keys(modelClasses).toSorted()).toEqual(all.toSorted());
    expect([...Object.keys(small), ...Object.keys(large)].toSorted()).toEqual(all.toSorted());
    for (const [name, { type }] of Object.entries(modelClasses)) expect(type).toBe(Reflect.get(models, name));
  });
});

describe("a model file", () => {
  it.each(Object.entries(small))("holds %s, with equal outputs", async (name, { make, inputs }) => {
    const model = make().eval();
    const copy = await loadModel(writeModel(model, { classes: modelClasses }), { classes: modelClasses });
    expect(copy.constructor).toBe(modelClasses[name]?.type);
    expect([String(copy), copy.training]).toEqual([String(model), false]);
    // A sample of the latent variables is drawn anew for each call.
    const deterministic = (all: readonly unknown[]): readonly unknown[] => (name === "VAE" ? all.slice(all.indexOf("mean")) : all);
    expect(deterministic(outputsOf(copy, inputs))).toEqual(deterministic(outputsOf(model, inputs)));
  });

  // Their weights take seconds to draw. What a file holds of them besides weights, which it holds as those of small models, is made again.
  it.each(Object.entries(large))("describes %s, with every variable", (name, { make }) => {
    const classes = { ...layerClasses, ...modelClasses };
    const shapesOf = (model: Module): unknown => Array.from(model.namedVariables(), ([path, { shape, dtype }]) => [path, shape, dtype]);
    withoutElements(() => {
      const model = make().eval();
      const copy = buildModel(JSON.parse(JSON.stringify(describeModel(model, classes))) as ModelDescription, classes);
      expect(copy.constructor).toBe(classes[name]?.type);
      expect([String(copy), copy.training, shapesOf(copy)]).toEqual([String(model), false, shapesOf(model)]);
    });
  });

  it("needs only the classes that it names, and refuses others by name", async () => {
    const bytes = writeModel(new Sequential(new MLP({ sizes: [3, 2] }), new MLP({ sizes: [2, 1] })), { classes: modelClasses });
    const loaded = await loadModel(bytes, { classes: { MLP: moduleClass(MLP) }, as: Sequential });
    expect(loaded.modules().filter((module) => module instanceof MLP)).toHaveLength(2);
    await expect(loadModel(bytes, { classes: { ResNet: moduleClass(ResNet) } })).rejects.toThrow('no entry for "MLP" among the classes');
    expect(() => writeModel(new MLP({ sizes: [3, 2] }))).toThrow('describeModel: no entry for "MLP"');
  });
});
