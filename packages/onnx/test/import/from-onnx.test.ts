import { copyFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { ones, tensor, uniform, zeros } from "@nn/tensor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileError, fromOnnx, loadOnnx, OnnxError, saveOnnx, toOnnx } from "../../src/index.js";
import { float, int, ints } from "../../src/export/attributes.js";
import { dataTypes, modelProto, type NodeDraft } from "../../src/proto/onnx.js";
import { tensorDraft } from "../../src/proto/tensor-bytes.js";

const fixtures = fileURLToPath(new URL("../../../../tests/reference/models/onnx/", import.meta.url));
const fixture = (file: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, file)));

/** A file with these nodes from the float32 input x [2, 3] to the output y. */
function fileOf(node: readonly NodeDraft[], initializer: Parameters<typeof modelProto.encode>[0]["graph"] extends infer G ? (G extends { readonly initializer?: infer I } ? I : never) : never = []): Uint8Array {
  const value = (name: string) => ({ name, type: { tensorType: { elemType: dataTypes.float32 } } });
  return modelProto.encode({ irVersion: 8n, opsetImport: [{ version: 17n }], graph: { node, initializer, input: [value("x")], output: [value("y")] } });
}

const node = (opType: string, input: readonly string[], attributes: Readonly<Record<string, ReturnType<typeof int>>> = {}, output = ["y"]): NodeDraft => ({
  opType, input, output, attribute: Object.entries(attributes).map(([name, value]) => ({ name, ...value })),
});

describe("a file that was written here", () => {
  const model = new Sequential(new Linear(3, 8), new ReLU(), new Linear(8, 2)).eval();
  const copy = fromOnnx(toOnnx(model, { x: zeros([1, 3]) }, { batchAxis: 0, outputNames: ["y"] }));

  it("has the same names, values and results", () => {
    expect(Object.keys(copy.stateDict()).toSorted()).toEqual(Object.keys(model.stateDict()).toSorted());
    expect(copy.inputs).toEqual([{ name: "x", dtype: "float32", shape: ["batch", 3] }]);
    const x = uniform([5, 3]);
    expect(copy.forward(x).sub(model.forward(x)).abs().max().item()).toBeLessThan(1e-6);
    expect(Object.keys(copy.run({ x }))).toEqual(["y"]);
  });

  it.each<readonly [string, () => unknown, string]>([
    ["another size", () => copy.forward(ones([5, 4])), "the input x is [5, 4], expected [batch, 3]"],
    ["another dtype", () => copy.forward(ones([5, 3], { dtype: "int32" })), "the input x has dtype int32, expected float32"],
    ["too many inputs", () => copy.forward(ones([5, 3]), ones([5, 3])), "got 2 inputs, expected 1: x"],
    ["no input", () => copy.run({}), "the input x"],
    ["an unknown input", () => copy.run({ x: ones([5, 3]), z: ones([1]) }), "there is no input z; the inputs are x"],
    ["no object", () => copy.run(ones([5, 3]) as never), "expected an object with the inputs by name: x"],
  ])("refuses %s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("nodes are checked when a file is read", () => {
  it.each<readonly [string, readonly NodeDraft[], string]>([
    ["all operators that are not supported, at once", [node("Foo", ["x"], {}, ["a"]), node("Foo", ["x"], {}, ["b"]), node("Loop", ["a"])], "these operators are not supported: Foo (2 times), Loop"],
    ["unknown attributes", [node("Relu", ["x"], { alpha: float(1) })], "Relu (y) has attributes that are not supported: alpha"],
    ["too many inputs", [node("Relu", ["x", "x"])], "Relu (y) has 2 inputs, expected 1"],
    ["outputs that an operator does not have here", [node("LayerNormalization", ["x", "x"], {}, ["y", "mean"])], "LayerNormalization (y) has 2 outputs, of which only 1 are supported"],
  ])("%s", (_, nodes, message) => {
    expect(() => fromOnnx(fileOf(nodes))).toThrow(OnnxError);
    expect(() => fromOnnx(fileOf(nodes))).toThrow(message);
  });

  it.each<readonly [string, readonly NodeDraft[], string]>([
    ["attributes of another type", [node("Softmax", ["x"], { axis: float(1) })], "Softmax (y): the attribute axis has type 1, expected 2"],
    ["shapes from elements of inputs", [node("Reshape", ["x", "x"])], "shape depends on elements of the inputs; shapes may depend only on shapes here"],
    ["casts to strings", [node("Cast", ["x"], { to: int(dataTypes.string) })], "a cast to string is not supported"],
    ["sizes that do not fit, with the node", [node("MatMul", ["x", "x"])], "in MatMul (y): matmul: inner dimensions differ"],
  ])("%s when it runs", (_, nodes, message) => {
    expect(() => fromOnnx(fileOf(nodes)).forward(ones([2, 3]))).toThrow(message);
  });

  it("steps backwards, ends beyond the axis and negative indices", () => {
    const int64 = (name: string, values: readonly number[]) => ({ name, dims: [BigInt(values.length)], dataType: dataTypes.int64, int64Data: values.map(BigInt) });
    const file = fileOf([node("Slice", ["x", "starts", "ends", "axes", "steps"])], [int64("starts", [-1, 5]), int64("ends", [-100, -100]), int64("axes", [0, -1]), int64("steps", [-1, -2])]);
    expect(fromOnnx(file).forward(tensor([[1, 2, 3], [4, 5, 6]])).toArray()).toEqual([[6, 4], [3, 1]]);
    const rows = fileOf([node("Gather", ["x", "rows"], { axis: int(1) })], [int64("rows", [-1, 0])]);
    expect(fromOnnx(rows).forward(tensor([[1, 2, 3], [4, 5, 6]])).toArray()).toEqual([[3, 1], [6, 4]]);
  });

  it("weights are parameters, scalars and what decides about shapes are not", () => {
    const file = fileOf([node("Mul", ["x", "scale"], {}, ["a"]), node("Add", ["a", "offset"], {}, ["b"]), node("Pad", ["b", "pads", "value"])], [
      tensorDraft("scale", [3], "float32", Float32Array.of(1, 2, 3)), tensorDraft("offset", [], "float32", Float32Array.of(1)), tensorDraft("value", [1], "float32", Float32Array.of(9)),
      { name: "pads", dims: [4n], dataType: dataTypes.int64, int64Data: [0n, 0n, 0n, 1n] },
    ]);
    const model = fromOnnx(file);
    expect([...model.namedParameters().keys()]).toEqual(["scale"]);
    expect(model.forward(ones([2, 3])).toArray()).toEqual([[2, 3, 4, 9], [2, 3, 4, 9]]);
    expect(model.buffers()).toEqual([]);
  });

  it("names that are fields of a module are only names", () => {
    const model = fromOnnx(fileOf([node("Add", ["x", "__proto__"], {}, ["a"]), node("Add", ["a", "forward"])], ["__proto__", "forward"].map((name) => tensorDraft(name, [3], "float32", Float32Array.of(1, 1, 1)))));
    expect([...model.namedParameters().keys()]).toEqual(["__proto__", "forward"]);
    expect(model.forward(zeros([2, 3])).toArray()).toEqual([[2, 2, 2], [2, 2, 2]]);
    expect(ints([1]).ints).toEqual([1n]);
  });
});

describe("damaged files", () => {
  it("are refused with an error of the package, or read", () => {
    const whole = fixture("cnn_batchnorm.onnx");
    let state = 1;
    const random = (below: number): number => (state = (state * 48271) % 2147483647) % below;
    const raw: string[] = [];
    for (let round = 0; round < 3000; round++) {
      const bytes = whole.slice(0, random(8) === 0 ? random(whole.length) : whole.length);
      for (let count = random(4); count >= 0; count--) if (bytes.length > 0) bytes[random(Math.min(bytes.length, random(2) === 0 ? 400 : bytes.length))] = [0, 255, 127, 128, random(256)][random(5)] ?? 0;
      try {
        fromOnnx(bytes);
      } catch (error) {
        if (!(error instanceof OnnxError)) raw.push(String(error));
      }
    }
    expect(raw).toEqual([]);
  });
});

describe("weights beside the file", () => {
  let folder = "";
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "nn-onnx-")); });
  afterEach(() => rm(folder, { recursive: true }));
  const layer = new Linear(64, 16).eval();

  it("are read by loadOnnx, or given to fromOnnx", async () => {
    const path = join(folder, "model.onnx");
    await saveOnnx(path, layer, { x: zeros([1, 64]) }, { externalData: true });
    const x = uniform([1, 64]);
    const expected = layer.forward(x).toArray();
    expect((await loadOnnx(path)).forward(x).toArray()).toEqual(expected);
    const externalData = { "model.onnx.data": new Uint8Array(readFileSync(`${path}.data`)) };
    expect(fromOnnx(new Uint8Array(readFileSync(path)), { externalData }).forward(x).toArray()).toEqual(expected);
    expect(() => fromOnnx(new Uint8Array(readFileSync(path)))).toThrow('the tensor "weight" lies in the file "model.onnx.data"');
    await writeFile(`${path}.data`, "short");
    await expect(loadOnnx(path)).rejects.toThrow("model.onnx.data has 5 bytes, but a tensor lies at 0 to 4096");
    await rm(`${path}.data`);
    await expect(loadOnnx(path)).rejects.toThrow(FileError);
  });

  it("are not read through links to other places, nor from above", async () => {
    await copyFile(join(fixtures, "external_data.onnx"), join(folder, "model.onnx"));
    await symlink("/etc/hostname", join(folder, "weights.bin"));
    await expect(loadOnnx(join(folder, "model.onnx"))).rejects.toThrow("weights.bin is a link to a place that is not beside the model");
    await expect(loadOnnx(join(fixtures, "bad_external_traversal.onnx"))).rejects.toThrow("external data is read only from beside the file");
    await expect(loadOnnx(join(folder, "missing.onnx"))).rejects.toThrow("there is no such file or folder");
  });
});
