import { openCheckpoint, writeSafetensors } from "@nn/io";
import { Conv2d, describeModel, Embedding, Flatten, layerClasses, Linear, Module, moduleClass, ReLU, Sequential } from "@nn/layers";
import { normal, tensor, type Tensor } from "@nn/tensor";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadModel, saveModel, writeModel } from "../src/index.js";

class Tied extends Module {
  readonly embedding: Embedding;
  readonly output: Linear;
  constructor(readonly words: number, readonly features: number) {
    super();
    this.embedding = new Embedding(words, features);
    this.output = new Linear(features, words);
  }
  forward(x: Tensor): Tensor {
    return this.output.forward(this.embedding.forward(x));
  }
}
const classes = { Tied: moduleClass(Tied, ({ words, features }) => [words, features]) };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nn-model-files-"));
});
afterAll(() => rm(folder, { recursive: true }));

const network = (): Sequential => new Sequential(new Conv2d(1, 2, 3, { padding: "same" }), new ReLU(), new Flatten(), new Linear(32, 3));

describe("a model that was saved", () => {
  test("is the same from a path, from bytes and from a Blob", async () => {
    const model = network();
    const path = join(folder, "network.safetensors");
    await saveModel(model, path);
    expect(await readdir(folder)).toEqual(["network.safetensors"]);
    const bytes = writeModel(model);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    const x = normal([2, 1, 4, 4]);
    for (const source of [path, bytes, new Blob([bytes as Uint8Array<ArrayBuffer>])]) {
      const copy = await loadModel(source, { as: Sequential });
      expect(copy.forward(x).toArray()).toEqual(model.forward(x).toArray());
    }
  });

  test("has each weight once, and shares what was shared", async () => {
    const model = new Tied(5, 3);
    Reflect.set(model.output, "weight", model.embedding.weight);
    const bytes = writeModel(model, { classes });
    expect((await openCheckpoint(bytes)).tensors.map(({ name }) => name)).toEqual(["embedding.weight", "output.bias"]);
    const copy = await loadModel(bytes, { classes, as: Tied });
    expect(copy.output.weight).toBe(copy.embedding.weight);
    const x = tensor([4, 0], { dtype: "int32" });
    expect(copy.forward(x).toArray()).toEqual(model.forward(x).toArray());
  });
});

describe("refuses", () => {
  const written = (metadata: Record<string, string>): Uint8Array => writeSafetensors({ weight: tensor([[1, 2]]), bias: tensor([1]) }, metadata);
  const described = JSON.stringify(describeModel(new Linear(2, 1), layerClasses));

  test.each<[string, Uint8Array, string]>([
    ["weights without an architecture", written({}), "x: it has weights, but no architecture; make the model and load them"],
    ["another version", written({ format: "nn model", version: "2", model: described }), "x: it has version 2 of the format, this program reads version 1"],
    ["a description that is not JSON", written({ format: "nn model", version: "1", model: "{" }), "x: its description of the model is not JSON"],
    ["a description of nothing", written({ format: "nn model", version: "1", model: "null" }), "x: buildModel: got null, expected a description of a model"],
    ["weights that do not fit", written({ format: "nn model", version: "1", model: described.replace("[2,1]", "[3,1]") }), "x: loadStateDict: the state dictionary does not fit Linear"],
    ["a file that is cut off", written({ format: "nn model", version: "1", model: described }).subarray(0, -4), "x"],
    ["no file", new Uint8Array(0), "x, byte 0: the file is empty"],
  ])("%s", async (_, bytes, message) => {
    await expect(loadModel(bytes, { name: "x" })).rejects.toThrow(message);
  });

  test("a weight that the model does not have", async () => {
    const bytes = writeSafetensors({ weight: tensor([[1, 2]]), bias: tensor([1]), other: tensor([1]) }, { format: "nn model", version: "1", model: described });
    await expect(loadModel(bytes)).rejects.toThrow("unexpected: other");
  });

  test("classes that the reader does not have", async () => {
    await expect(loadModel(writeModel(new Tied(2, 2), { classes }), { name: "x" })).rejects.toThrow('x: buildModel: no entry for "Tied" among the classes');
  });

  test("a model of another class", async () => {
    await expect(loadModel(writeModel(new Linear(2, 1)), { as: Sequential, name: "x" })).rejects.toThrow("x: it holds a Linear, expected a Sequential");
    await expect(loadModel(writeModel(new Linear(2, 1)), { as: Date as never })).rejects.toThrow("loadModel: as is ");
  });

  test("a class under the name of a layer, and what is no table", () => {
    expect(() => writeModel(new Linear(2, 1), { classes: { ReLU: classes.Tied } })).toThrow('writeModel: classes has "ReLU", which is the name of a layer of @nn/layers');
    expect(() => writeModel(new Linear(2, 1), { classes: 3 as never })).toThrow("writeModel: classes is 3");
    expect(() => writeModel(new Linear(2, 1), { klasses: {} } as never)).toThrow("klasses");
  });

  test("a model without writing anything", async () => {
    const path = join(folder, "refused.safetensors");
    await expect(saveModel(new Tied(2, 2), path)).rejects.toThrow('no entry for "Tied"');
    expect(await readdir(folder)).not.toContain("refused.safetensors");
  });
});
