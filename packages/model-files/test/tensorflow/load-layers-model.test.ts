import { valueAndGrad } from "@nn/autograd";
import { Sequential } from "@nn/layers";
import { tensor, type Tensor } from "@nn/tensor";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadModel, writeModel } from "../../src/index.js";
import { LayerGraph, loadLayersModel, tensorFlowClasses } from "../../src/tensorflow/index.js";

const fixtures = join(import.meta.dirname, "../fixtures");
const names = readdirSync(fixtures).filter((name) => !name.endsWith(".mjs"));
const temporary = mkdtempSync(join(tmpdir(), "nn-tensorflow-"));
afterAll(() => rmSync(temporary, { recursive: true }));

interface Listed {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
interface Expected {
  readonly inputs: readonly Listed[];
  readonly outputs: readonly Listed[];
}

const expectedOf = (name: string): Expected => JSON.parse(readFileSync(join(fixtures, name, "expected.json"), "utf8")) as Expected;
const pathOf = (name: string): string => join(fixtures, name, "model.json");

/** An input as the model takes it here: images and volumes with channels first, indices as int32. */
function inputOf({ shape, values }: Listed, isIndex: boolean): Tensor {
  const x = tensor([...values], { shape, dtype: isIndex ? "int32" : "float32" });
  return shape.length >= 4 ? x.permute([0, shape.length - 1, ...shape.slice(2).map((_, at) => at + 1)]) : x;
}

/** The models that take indices. */
const ofIndices: ReadonlySet<string> = new Set(["sequence", "masked-indices", "index-rows"]);

function outputsOf(model: Sequential | LayerGraph, name: string): Tensor[] {
  const inputs = expectedOf(name).inputs.map((each) => inputOf(each, ofIndices.has(name)));
  return [Reflect.apply(model.forward, model, inputs) as Tensor | Tensor[]].flat();
}

/** The largest difference from what TensorFlow.js computed. Both compute in float32, in other orders. */
function differenceOf(found: readonly Tensor[], name: string): number {
  const { outputs } = expectedOf(name);
  expect(found.length).toBe(outputs.length);
  return Math.max(...found.flatMap((each, at) => {
    const turned = each.rank >= 4 ? each.permute([0, ...each.shape.slice(2).map((_, at) => at + 2), 1]) : each;
    expect(turned.shape).toEqual(outputs[at]?.shape);
    return [...turned.toTypedArray()].map((value, place) => Math.abs(Number(value) - (outputs[at]?.values[place] ?? NaN)));
  }));
}

/** The `model.json` of a fixture with a change, beside its weights. */
function changed(name: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(temporary, "case-"));
  cpSync(join(fixtures, name), folder, { recursive: true });
  const path = join(folder, "model.json");
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return path;
}

describe.each(names)("%s", (name) => {
  test("computes what TensorFlow.js computes", async () => {
    const model = (await loadLayersModel(pathOf(name))).eval();
    expect(differenceOf(outputsOf(model, name), name)).toBeLessThan(2e-6);
  });

  test("is saved with its architecture, and computes the same", async () => {
    const model = (await loadLayersModel(pathOf(name))).eval();
    const [bytes, options] = [writeModel(model, { classes: tensorFlowClasses }), { classes: tensorFlowClasses }];
    const copy = model instanceof LayerGraph ? await loadModel(bytes, { ...options, as: LayerGraph }) : await loadModel(bytes, { ...options, as: Sequential });
    expect(outputsOf(copy, name).map((each) => each.toArray())).toEqual(outputsOf(model, name).map((each) => each.toArray()));
  });

  test("has gradients for all its parameters", async () => {
    const model = (await loadLayersModel(pathOf(name))).train();
    const { gradients } = valueAndGrad(() => outputsOf(model, name).map((each) => each.square().mean()).reduce((a, b) => a.add(b)), model.trainableParameters());
    expect(gradients.length).toBe(model.trainableParameters().length);
    expect(gradients.every((gradient) => [...gradient.toTypedArray()].every((value) => Number.isFinite(Number(value))))).toBe(true);
  });
});

test("a chain becomes a Sequential of layers of @nn/layers; a dense layer after Flatten takes the order of pixels here", async () => {
  const model = await loadLayersModel(pathOf("convolutional"));
  expect(model).toBeInstanceOf(Sequential);
  expect(model.children().map((layer) => layer.constructor.name)).toEqual([
    "Conv2d", "ReLU", "MaxPool2d", "ZeroPad2d", "Conv2d", "BatchNorm2d", "Tanh", "Flatten", "Dropout", "BatchNorm1d", "Linear", "ELU", "Linear", "Softmax",
  ]);
});

describe("the files", () => {
  test("are read from a server", async () => {
    const server = createServer((request, response) => void response.end(readFileSync(join(fixtures, "convolutional", (request.url ?? "").slice(1)))));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const model = (await loadLayersModel(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model.json`)).eval();
    server.close();
    server.closeAllConnections();
    expect(differenceOf(outputsOf(model, "convolutional"), "convolutional")).toBeLessThan(2e-6);
  });

  test("are chosen by a reader", async () => {
    const files = readdirSync(join(fixtures, "convolutional")).filter((file) => file !== "expected.json").map((file) => new File([readFileSync(join(fixtures, "convolutional", file))], file));
    const model = (await loadLayersModel(files)).eval();
    expect(differenceOf(outputsOf(model, "convolutional"), "convolutional")).toBeLessThan(2e-6);
    await expect(loadLayersModel(files.slice(0, 3))).rejects.toThrow(/json|is not among the files/);
    await expect(loadLayersModel([])).rejects.toThrow("loadLayersModel: none of the files end in .json");
  });

  test("may leave the size of images open, where it is needed it is an option", async () => {
    const path = changed("convolutional", (text) => text.replace('"batch_input_shape":[null,8,10,2]', '"batch_input_shape":[null,null,null,2]'));
    await expect(loadLayersModel(path)).rejects.toThrow(/Conv2D\): its padding "same" depends on the size of the input; say it with the option inputShape/);
    const model = (await loadLayersModel(path, { inputShape: [8, 10, 2] })).eval();
    expect(differenceOf(outputsOf(model, "convolutional"), "convolutional")).toBeLessThan(2e-6);
    await expect(loadLayersModel(pathOf("convolutional"), { inputShape: [8, 9, 2] })).rejects.toThrow("loadLayersModel: inputShape is [8, 9, 2], but the model takes [8, 10, 2]");
  });
});

describe("refuses", () => {
  test("layers that it does not know, all at once", async () => {
    const path = changed("functional", (text) => text.replaceAll('"class_name":"Add"', '"class_name":"ConvLSTM2D"').replaceAll('"class_name":"ReLU"', '"class_name":"MyLayer"'));
    await expect(loadLayersModel(path)).rejects.toThrow(/model\.json: it has layers that cannot be read: "ConvLSTM2D", "MyLayer"$/);
  });

  test("settings that it does not know, all at once", async () => {
    const path = changed("perceptron", (text) => text.replace('"activation":"selu"', '"activation":"cube"').replace('"axis":-1', '"axis":0'));
    await expect(loadLayersModel(path)).rejects.toThrow(/\(BatchNormalization\): axis 0 is not supported/);
    const activation = changed("perceptron", (text) => text.replace('"activation":"selu"', '"activation":"cube"'));
    await expect(loadLayersModel(activation)).rejects.toThrow(/\(Dense\): activation "cube" is not supported/);
  });

  test.each<[string, string, (text: string) => string, RegExp]>([
    ["what is not JSON", "several", () => "{", /it is not JSON, expected the model\.json of TensorFlow\.js/],
    ["other JSON", "several", () => "{}", /it has no modelTopology/],
    ["a graph model", "several", (text) => text.replace("layers-model", "graph-model"), /it is a graph model, whose layers are gone/],
    ["files elsewhere", "several", (text) => text.replace("group1-shard1of1.bin", "../several/group1-shard1of1.bin"), /names the file "?.*expected a file beside the model/],
    ["an address as a file", "several", (text) => text.replace("group1-shard1of1.bin", "https://example.org/a.bin"), /expected a file beside the model/],
    ["missing weights", "several", (text) => text.replace(/\{"name":"[^"]*\/bias","shape":\[3\],"dtype":"float32"\}/, '{"name":"other/bias","shape":[3],"dtype":"float32"}'), /the file has no weight/],
    ["weights that are longer than the files", "several", (text) => text.replace('"shape":[3],"dtype":"float32"', '"shape":[300000000],"dtype":"float32"'), /would end at byte/],
    ["a type of elements", "several", (text) => text.replace('"dtype":"float32"}]', '"dtype":"complex64"}]'), /has elements of type .*complex64/],
    ["a layer that depends on itself", "several", (text) => text.replace('[["a",0,0,{}]]', '[["dense_Dense99",0,0,{}]]'), /are missing, or depend on it/],
    ["layers that are no list", "several", (text) => text.replace(/"layers":\[/, '"layers":3,"others":['), /the layers of ".*" are 3/],
  ])("%s", async (_, name, change, message) => {
    await expect(loadLayersModel(changed(name, change))).rejects.toThrow(message);
  });

  test("a source and options of other kinds", async () => {
    await expect(loadLayersModel(3 as never)).rejects.toThrow("loadLayersModel: the source is 3, expected the path or the address of a model.json, or a list of Files");
    await expect(loadLayersModel("no/model.json")).rejects.toThrow('loadLayersModel: cannot read "no/model.json": there is no such file or folder');
    await expect(loadLayersModel(pathOf("several"), { inputShape: [0] })).rejects.toThrow("loadLayersModel: inputShape is");
    expect(() => new LayerGraph({}, 1, [{ layer: "a", inputs: [0] }], [0])).toThrow('LayerGraph: node 0 uses the layer the string "a", which there is not');
  });
});
