import {
  BatchNorm2d, Conv2d, ConvTranspose1d, Dropout, Embedding, GlobalAvgPool, LayerNorm, Linear, LogSoftmax, MaxPool2d, AvgPool2d, Module, ReLU, Sequential, Softmax, TransformerEncoderLayer,
} from "@nn/layers";
import { add, arange, bitwiseXor, concat, conv2d, cumProd, erfInv, flip, full, hostCallback, linear, matmul, mul, ones, permute, tensor, tril, uniform, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { fromOnnx, toOnnx, type Exportable, type OnnxOptions } from "../../src/index.js";
import { modelProto } from "../../src/proto/onnx.js";

function graphOf(subject: Exportable, inputs: Readonly<Record<string, Tensor>>, options?: OnnxOptions) {
  const { graph } = modelProto.decode(toOnnx(subject, inputs, options));
  if (graph === undefined) throw new TypeError("the file has no graph");
  return graph;
}

const operators = (...given: Parameters<typeof graphOf>): (string | undefined)[] => graphOf(...given).node.map(({ opType }) => opType);

describe("the file of a module", () => {
  const model = new Sequential(new Conv2d(3, 4, 3), new BatchNorm2d(4), new ReLU(), new MaxPool2d(2), new GlobalAvgPool(), new Linear(4, 2), new Softmax()).eval();
  const graph = graphOf(model, { image: zeros([1, 3, 8, 8]) }, { batchAxis: 0, outputNames: ["probabilities"] });

  it("has nodes that are called by their modules, and parameters by their names", () => {
    expect(graph.node.map(({ name }) => name)).toEqual(["0/Conv", "1/BatchNormalization", "2/Relu", "3/MaxPool", "4/ReduceMean", "5/Gemm", "6/Softmax"]);
    const names = graph.initializer.map(({ name }) => name);
    expect(names.filter((name) => !name?.startsWith("int64"))).toEqual(["0.weight", "0.bias", "1.running_mean", "1.running_var", "1.weight", "1.bias", "5.weight", "5.bias"].toSorted((a, b) => names.indexOf(a) - names.indexOf(b)));
    expect(graph.initializer.find(({ name }) => name === "5.weight")?.dims).toEqual([2n, 4n]);
  });

  it("has the names and the types of inputs and outputs, and the batch as a name", () => {
    const shown = [...graph.input, ...graph.output].map(({ name, type }) => [name, type?.tensorType?.elemType, type?.tensorType?.shape?.dim.map(({ dimValue, dimParam }) => dimParam ?? Number(dimValue))]);
    expect(shown).toEqual([["image", 1, ["batch", 3, 8, 8]], ["probabilities", 1, ["batch", 2]]]);
  });

  it("says which operators and which format it needs", () => {
    const { irVersion, opsetImport, producerName } = modelProto.decode(toOnnx(model, { x: zeros([1, 3, 8, 8]) }));
    expect({ irVersion, opsetImport, producerName }).toEqual({ irVersion: 8n, opsetImport: [{ domain: "", version: 17n }], producerName: "nn" });
  });

  it("holds texts of the caller, which are read again", () => {
    const metadata = { classes: '["Straße", "\u4f60"]', author: "", ["__proto__"]: "a name like another" };
    expect(Object.entries(fromOnnx(toOnnx(model, { x: zeros([1, 3, 8, 8]) }, { metadata })).metadata)).toEqual(Object.entries(metadata));
    expect(fromOnnx(toOnnx(model, { x: zeros([1, 3, 8, 8]) })).metadata).toEqual({});
  });
});

describe("operators are recognised", () => {
  const rows = { x: zeros([2, 4]) };
  const images = { x: zeros([1, 3, 6, 6]) };
  const [weight, matrix, transposed, row] = [uniform([3, 4]), uniform([2, 3]), uniform([4, 2]), uniform([2])];
  it.each<readonly [string, Exportable, Readonly<Record<string, Tensor>>, readonly string[]]>([
    ["Gemm", new Linear(4, 2), rows, ["Gemm"]],
    ["MatMul of rows", new Linear(4, 2), { x: zeros([2, 3, 4]) }, ["Transpose", "MatMul", "Add"]],
    ["Conv with its bias", new Conv2d(3, 2, 3, { padding: 1 }), images, ["Conv"]],
    ["Conv without", new Conv2d(3, 2, 3, { bias: false, dilation: 2 }), images, ["Conv"]],
    ["ConvTranspose", new ConvTranspose1d(2, 4, 3, { stride: 2, groups: 2, outputPadding: 1 }), { x: zeros([1, 2, 5]) }, ["ConvTranspose"]],
    ["MaxPool", new MaxPool2d(2), images, ["MaxPool"]],
    ["AveragePool", new AvgPool2d(3, { padding: 1, stride: 2 }), images, ["AveragePool"]],
    ["LayerNormalization", new LayerNorm([4]), rows, ["LayerNormalization"]],
    ["Relu", new ReLU(), rows, ["Relu"]],
    ["Softmax", new Softmax(0), rows, ["Softmax"]],
    ["LogSoftmax", new LogSoftmax(), rows, ["LogSoftmax"]],
    ["Gather", new Embedding(5, 3), { x: tensor([[1, 2]]).cast("int32") }, ["Gather"]],
    ["ReduceMean", (x) => x.mean(1, { keepAxes: true }), rows, ["ReduceMean"]],
  ])("%s", (_, subject, inputs, expected) => {
    expect(operators(subject instanceof Module ? subject.eval() : subject, inputs)).toEqual(expected);
  });

  it.each<readonly [string, (x: Tensor) => unknown, readonly string[]]>([
    ["a bias that is more than a row", (x) => linear(x, weight).add(matrix), ["Gemm", "Add"]],
    ["a product that is used twice", (x) => { const y = matmul(x, transposed); return add(y, row).mul(y); }, ["Gemm", "Add", "Mul"]],
    ["a sum divided by another number", (x) => x.sum(1, { keepAxes: true }).div(3), ["ReduceSum", "Div"]],
    ["a threshold that is not 0", (x) => x.maximum(0), ["Max"]],
    ["a softmax shifted along another axis", (x) => { const e = x.sub(x.max(0, { keepAxes: true })).exp(); return e.div(e.sum(1, { keepAxes: true })); }, ["ReduceMax", "Sub", "Exp", "ReduceSum", "Div"]],
  ])("but not in %s", (_, f, expected) => {
    expect(operators(f, rows)).toEqual(expected);
  });

  it("constants are computed, unless that makes them large", () => {
    expect(operators((x) => add(x, mul(tensor([1, 2, 3, 4]), tril(ones([4, 4])).sum(0))), rows)).toEqual(["Add"]);
    const large = graphOf((x) => concat([x, full([200, 4], 2)]), rows);
    expect(large.node.map(({ opType }) => opType)).toEqual(["ConstantOfShape", "Concat"]);
  });

  it("what no output needs is left out", () => {
    expect(operators((x) => { cumProd(x, 0); return x.neg(); }, rows)).toEqual(["Neg"]);
  });
});

describe("the batch", () => {
  const shapes = (f: (x: Tensor) => unknown, inputs = { x: zeros([2, 3]) }) => graphOf(f, inputs, { batchAxis: 0 }).output.map(({ type }) => type?.tensorType?.shape?.dim.map(({ dimParam, dimValue }) => dimParam ?? Number(dimValue)));

  it("may be in sizes that are linear in it", () => {
    expect(shapes((x) => [x.reshape([-1]), concat([x, x, zeros([1, 3])]), arange(x.shape[0] ?? 0).mul(2), x.sum(0)])).toEqual([["3*batch"], ["2*batch+1", 3], ["batch"], [3]]);
  });

  it("may be along another axis, or along another one for each input", () => {
    const f = (x: Tensor, y: Tensor): Tensor => add(x, permute(y, [1, 0]));
    const graph = graphOf(f, { x: zeros([4, 2]), y: zeros([2, 4]) }, { batchAxis: { x: 1, y: 0 } });
    expect([...graph.input, ...graph.output].map(({ type }) => type?.tensorType?.shape?.dim.map(({ dimParam }) => dimParam ?? ""))).toEqual([["", "batch"], ["batch", ""], ["", "batch"]]);
  });

  it.each<readonly [string, (x: Tensor) => unknown, string]>([
    ["a square of it", (x) => zeros([(x.shape[0] ?? 0) ** 2]), "full: for batches of 101, 103, 107 a size is 10201, 10609, 11449"],
    ["other operations for large ones", (x) => ((x.shape[0] ?? 0) > 105 ? x.exp() : x.neg()), "neg: other operations follow for another batch"],
    ["one operation for each", (x) => Array.from({ length: x.shape[0] ?? 0 }, () => x.neg()), "the number of operations depends on the size of the batch"],
    ["numbers made from it", (x) => x.mul(tensor([[1, 2, x.shape[0] ?? 0]])), "constant: a tensor is made from numbers that depend on the size of the batch"],
  ])("is refused with %s", (_, f, message) => {
    expect(() => toOnnx(f, { x: zeros([2, 3]) }, { batchAxis: 0 })).toThrow(message);
    expect(() => toOnnx(f, { x: zeros([2, 3]) })).not.toThrow();
  });
});

describe("outputs", () => {
  const outputs = (f: (x: Tensor) => unknown, options?: OnnxOptions) => graphOf(f, { x: zeros([2]) }, options);

  it("are called by keys and positions, or as one likes", () => {
    const f = (x: Tensor) => ({ scores: x.neg(), hidden: [x.exp(), x.abs()] });
    expect(outputs(f).output.map(({ name }) => name)).toEqual(["scores", "hidden.0", "hidden.1"]);
    expect(outputs(f, { outputNames: ["a", "b", "c"] }).output.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(outputs((x) => [x.neg(), x.exp()]).output.map(({ name }) => name)).toEqual(["output_0", "output_1"]);
  });

  it("may be inputs, constants, parameters and one another", () => {
    const weight = new Variable(ones([2]), { name: "scale" });
    const graph = outputs((x) => { const y = x.neg(); return [x, y, y, weight.value, tensor([1, 2])]; });
    expect(graph.node.map(({ opType, input, output }) => [opType, ...input, ...output])).toEqual([
      ["Neg", "x", "output_1"], ["Identity", "x", "output_0"], ["Identity", "output_1", "output_2"], ["Identity", "scale", "output_3"], ["Identity", "constant", "output_4"],
    ]);
  });
});

describe("refusals", () => {
  const x = uniform([2, 3]);
  class Odd extends Module {
    readonly first = new Linear(3, 3);
    readonly second = new Inner();
    forward(given: Tensor): Tensor {
      return cumProd(this.second.forward(this.first.forward(given)), 1);
    }
  }
  class Inner extends Module {
    readonly count = new Variable(zeros([]), { name: "Inner.count" });
    forward(given: Tensor): Tensor {
      this.count.value = this.count.value.add(1);
      return erfInv(given).add(hostCallback(() => 1));
    }
  }

  it("name all operations at once, each with its module", () => {
    expect(() => toOnnx(new Odd().eval(), { x })).toThrowErrorMatchingInlineSnapshot(`
      [OnnxError: toOnnx: these cannot be exported:
        in second: an assignment of Inner.count; for batch normalisation and the like, call eval() first
        in second: erfInv (ONNX has no inverse error function)
        in second: hostCallback (random numbers, or numbers that the program computes for every call; for dropout and the like, call eval() first)
        cumProd (ONNX has no cumulative product)]
    `);
  });

  it.each<readonly [string, () => unknown, string]>([
    ["a module in training mode", () => toOnnx(new Sequential(new Linear(3, 2), new Dropout()), { x }), "toOnnx: Sequential is in training mode; call eval() first"],
    ["dropout in a function", () => toOnnx((a) => new Dropout(0.5).forward(a), { x }), "call eval() first"],
    ["operations on bits", () => toOnnx((a) => bitwiseXor(a.cast("int32"), 1), { x }), "bitwiseXor (ONNX has operators on bits from opset 18 on)"],
    ["reading elements", () => toOnnx((a) => a.mul(a.sum().item()), { x }), "item: the elements of a tensor are not known while a function is traced for ONNX"],
    ["nothing", () => toOnnx(undefined as never, { x }), "toOnnx: what is exported is undefined, expected a function"],
    ["inputs without names", () => toOnnx((a) => a, [x] as never), "expected an object with an example of each input by name"],
    ["inputs that are not tensors", () => toOnnx((a) => a, { x: [1, 2] as never }), "toOnnx: the input x is"],
    ["names that are numbers", () => toOnnx((a) => a, { 1: x }), 'an input has the name "1", expected a word'],
    ["equal names", () => toOnnx((a) => a, { output: x }), 'two inputs or outputs have the name "output"'],
    ["unknown options", () => toOnnx((a) => a, { x }, { batchAxes: 0 } as never), 'there is no option "batchAxes"; did you mean "batchAxis"?'],
    ["another module", () => toOnnx((a) => a, { x }, { module: {} as never }), "expected a Module"],
    ["an axis that is not there", () => toOnnx((a) => a, { x }, { batchAxis: 2 }), "batchAxis is 2, but the input has 2 axes"],
    ["an unknown input", () => toOnnx((a) => a, { x }, { batchAxis: { y: 0 } }), 'batchAxis names the input "y"; the inputs are x'],
    ["too few names", () => toOnnx((a) => [a.neg(), a.exp()], { x }, { outputNames: ["a"] }), "expected 2 names, for output_0, output_1"],
    ["metadata that are no object", () => toOnnx((a) => a, { x }, { metadata: ["a"] as never }), "expected an object with texts"],
    ["metadata that are no text", () => toOnnx((a) => a, { x }, { metadata: { epoch: 3 } as never }), 'toOnnx: metadata["epoch"] is 3, expected a string'],
    ["no tensor", () => toOnnx(() => [], { x }), "the function returns no tensor"],
    ["a number", () => toOnnx(() => 3, { x }), "the function returns 3, expected tensors"],
    ["a promise", () => toOnnx(async (a: Tensor) => a, { x }), "toOnnx"],
  ])("of %s", (_, run, message) => {
    expect(run).toThrow(message);
  });

  it("leave modules as they were", () => {
    const model = new TransformerEncoderLayer(4, 2).train();
    expect(() => toOnnx(model, { x: zeros([2, 1, 4]) })).toThrow("training mode");
    expect(model.training).toBe(true);
  });
});

describe("windows and padding that ONNX Runtime does not take", () => {
  it("are written in other words", () => {
    expect(operators((x) => conv2d(x, flip(ones([2, 1, 2, 2]), [2])), { x: zeros([1, 1, 3, 3]) })).toEqual(["Conv"]);
  });
});
