import { defaultGenerator, normal, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import * as layers from "../../src/index.js";
import {
  buildModel, Concat, describeModel, Dropout, Embedding, GELU, Identity, layerClasses, Linear, Module, moduleClass, Parameter, ReLU, Residual, RotaryPositionalEncoding, Sequential,
  TransformerEncoder, TransformerEncoderLayer, weightNorm, type ModelDescription,
} from "../../src/index.js";

const again = (model: Module, classes = layerClasses): Module => buildModel(JSON.parse(JSON.stringify(describeModel(model, classes))) as ModelDescription, classes);

class Tied extends Module {
  readonly embedding = new Embedding(5, 3);
  readonly output = new Linear(3, 5);
  readonly extra = [new Parameter(zeros([2])), new Parameter(zeros([2]))];
  forward(x: Tensor): Tensor {
    return this.output.forward(this.embedding.forward(x));
  }
}

test("the table has every layer that is not abstract", () => {
  const concrete = Object.entries(layers).filter(([, value]) => typeof value === "function" && value.prototype instanceof Module && !/^(Adaptive(Avg|Max)Pool|AvgPool|MaxPool|MaxUnpool|LpPool|Pad|BatchNorm|InstanceNorm|ChannelNorm|ChannelDropout|Branches|Convolution|TransposedConvolution|Recurrent|RecurrentCell)$/.test(value.name));
  expect(Object.keys(layerClasses).toSorted()).toEqual(concrete.map(([name]) => name).toSorted());
  for (const [name, { type }] of Object.entries(layerClasses)) expect(type).toBe(Reflect.get(layers, name));
});

describe("a model is made again", () => {
  test("from modules in modules, with those that are shared once", () => {
    const shared = new Linear(3, 3);
    const model = new Sequential(shared, new ReLU(), shared, new Residual(new Concat([new Linear(3, 1), new Linear(3, 2)], { axis: -1 }), { shortcut: new Identity() }));
    const copy = again(model) as typeof model;
    expect(copy.toString()).toBe(model.toString());
    expect(copy.layers[0]).toBe(copy.layers[2]);
    copy.loadStateDict(model.stateDict());
    const x = normal([2, 3]);
    expect(copy.forward(x).toArray()).toEqual(model.forward(x).toArray());
  });

  test.each([
    new Dropout(0.2, { noiseShape: [null, 1] }), new layers.AlphaDropout(0.1), new layers.FeatureAlphaDropout(0.1), new layers.Dropout2d(0.3), new layers.GaussianNoise(0.5),
    new layers.StochasticDepth(0.2, { mode: "batch" }), new layers.RReLU(0.1, 0.2, { generator: defaultGenerator() }), new layers.ReLU6(), new layers.DepthwiseConv2d(2, 3, { multiplier: 2, padding: "same" }),
    new layers.SeparableConv2d(2, 3, 3, { bias: false, stride: [1, 2] }), new layers.SeparableConv1d(2, 3, 3, { multiplier: 3 }), new layers.BatchNorm2d(3, { momentum: null, affine: false }),
  ])("%s", (layer) => {
    expect(again(layer).toString()).toBe(layer.toString());
  });

  test("with numbers that JSON does not have", () => {
    for (const value of [Infinity, -Infinity, -0]) expect((again(new layers.ConstantPad1d(1, value)) as layers.ConstantPad1d).value).toBe(value);
  });

  test("with modules among the options, which stay shared", () => {
    const rotary = new RotaryPositionalEncoding(4);
    const model = new TransformerEncoder([0, 1].map(() => new TransformerEncoderLayer(8, 2, { feedForward: 8, rotary, activation: "gelu" })), { norm: new layers.LayerNorm(8) });
    const copy = again(model) as TransformerEncoder;
    expect(copy.toString()).toBe(model.toString());
    expect(copy.layers[0]?.selfAttn.rotary).toBe(copy.layers[1]?.selfAttn.rotary);
  });

  test("with tied weights, frozen parameters and modes", () => {
    const model = new Tied();
    Reflect.set(model.output, "weight", model.embedding.weight);
    Reflect.set(model.extra, 1, model.extra[0]);
    for (const parameter of [model.output.bias]) if (parameter !== undefined) parameter.trainable = false;
    model.embedding.eval();
    const copy = again(model, { Tied: moduleClass(Tied, () => []) }) as Tied;
    expect(copy.output.weight).toBe(copy.embedding.weight);
    expect(copy.extra[1]).toBe(copy.extra[0]);
    expect([copy.output.weight.trainable, copy.output.bias?.trainable]).toEqual([true, false]);
    expect([copy.training, copy.embedding.training, copy.output.training]).toEqual([true, false, true]);
  });

  test("with the mode of each module, though setting a mode sets those inside", () => {
    const inner = new Dropout();
    const outer = new Sequential(inner);
    const model = new Sequential(new Sequential(inner), outer);
    outer.eval();
    inner.train();
    const copy = again(model) as typeof model;
    expect(copy.modules().map(({ training }) => training)).toEqual(model.modules().map(({ training }) => training));
  });

  test("and the random numbers go on as if nothing was described", () => {
    const before = defaultGenerator().stateDict();
    describeModel(new Linear(2, 2), layerClasses);
    const first = defaultGenerator();
    first.loadStateDict(before);
    const same = new Linear(2, 2);
    expect(same.inFeatures).toBe(2);
    const expected = normal([2]).toArray();
    first.loadStateDict(before);
    const model = new Linear(2, 2);
    describeModel(model, layerClasses);
    expect(normal([2]).toArray()).toEqual(expected);
  });
});

describe("what could not be made again is refused", () => {
  class Pair extends Module {
    constructor(readonly first: Module, readonly second: Module) {
      super();
    }
    forward(x: Tensor): Tensor {
      return x;
    }
  }
  class Other extends Pair {}
  class Scaled extends Module {
    readonly linear: Linear;
    constructor(readonly factor: unknown = 1) {
      super();
      this.linear = new Linear(2, 2);
    }
    forward(x: Tensor): Tensor {
      return x;
    }
  }
  const pair = moduleClass(Pair, ({ first, second }) => [first, second]);
  const scaled = moduleClass(Scaled, ({ factor }) => [factor]);

  test("classes without an entry, all at once", () => {
    const model = new Sequential(new Scaled(), new Other(new ReLU(), new ReLU()), new ReLU());
    expect(() => describeModel(model, layerClasses)).toThrow('describeModel: no entry for "Other", "Scaled"; add classes that modules are made from, such as { Block: moduleClass(Block, (block) => [block.features]) }');
    expect(() => describeModel(new Pair(new ReLU(), new Scaled()), { Pair: pair })).toThrow('no entry for "ReLU", "Scaled"');
  });

  test("a layer that was exchanged", () => {
    const model = new Scaled();
    Reflect.set(model, "linear", new Linear(2, 4, { bias: false }));
    expect(() => describeModel(model, { Scaled: scaled })).toThrow(`describeModel: the arguments of its constructors do not make this Scaled again; was a part exchanged, or reparametrized?
  linear.weight: parameter float32 [4, 2], but its constructors make parameter float32 [2, 2]
  linear.bias: nothing, but its constructors make parameter float32 [2]`);
    Reflect.set(model, "linear", new GELU({ approximate: "tanh" }));
    expect(() => describeModel(model, { ...layerClasses, Scaled: scaled })).toThrow('linear: GELU({"record":{"approximate":"tanh"}}), but its constructors make Linear(2, 2)');
  });

  test("a reparametrized layer", () => {
    expect(() => describeModel(weightNorm(new Linear(2, 2)), layerClasses)).toThrow(/weight: nothing, but its constructors make parameter/);
  });

  test.each([
    ["a function", () => 1, "argument 0 of Scaled is a function, expected numbers, strings, booleans, null, modules, and lists and plain objects of these"],
    ["a tensor", tensor([1]), "argument 0 of Scaled is "],
    ["a date", new Date(0), "argument 0 of Scaled is "],
    ["a function in a list", [1, { a: () => 1 }], "argument 0 of Scaled[1].a is a function"],
  ])("%s as an argument", (_, factor, message) => {
    expect(() => describeModel(new Scaled(factor), { Scaled: scaled })).toThrow(message);
  });

  test("an argument that contains itself", () => {
    const list: unknown[] = [];
    list.push(list);
    expect(() => describeModel(new Scaled(list), { Scaled: scaled })).toThrow(/nested more than 100 deep, or contains itself/);
    const self = moduleClass(Scaled, (module) => [module]);
    expect(() => describeModel(new Scaled(), { Scaled: self })).toThrow("describeModel: argument 0 of Scaled is a module that contains it");
  });

  test("what is no module, and what is no table", () => {
    expect(() => describeModel({} as Module, layerClasses)).toThrow("describeModel: got an object, expected a module");
    expect(() => describeModel(new ReLU(), { ReLU } as never)).toThrow("classes.ReLU is ");
    expect(() => moduleClass(Date as never, (() => []) as never)).toThrow("moduleClass: got ");
  });
});

describe("a description is data that anybody may have written", () => {
  const good: ModelDescription = { modules: [{ class: "Linear", arguments: [2, 2] }], shared: [], frozen: [], evaluating: [] };
  const of = (changes: object): ModelDescription => ({ ...good, ...changes });

  test.each<[string, unknown, string]>([
    ["no object", null, "got null, expected a description of a model"],
    ["other content", of({ code: "1" }), 'the description has "code", expected modules, shared, frozen and evaluating'],
    ["no modules", of({ modules: [] }), "the description has no modules, expected at least one"],
    ["modules of another kind", of({ modules: {} }), "modules is "],
    ["a module of another kind", of({ modules: [3] }), "module 0 is 3, expected { class, arguments }"],
    ["unknown classes", of({ modules: [{ class: "Liner", arguments: [] }] }), 'no entry for "Liner" among the classes; did you mean "Linear"?'],
    ["several unknown classes", of({ modules: [{ class: "toString", arguments: [] }, { class: "constructor", arguments: [] }] }), 'no entry for "constructor", "toString" among the classes'],
    ["wrong arguments", of({ modules: [{ class: "Linear", arguments: [2, -1] }] }), "module 0, Linear, cannot be made: Linear: outFeatures is -1"],
    ["a later module", of({ modules: [{ class: "Sequential", arguments: [{ module: 0 }] }] }), "argument 0 of Sequential is \"{\\\"module\\\":0}\", which describes no value"],
    ["an unknown tag", of({ modules: [{ class: "Linear", arguments: [{ code: "1" }] }] }), "argument 0 of Linear is "],
    ["an unknown number", of({ modules: [{ class: "Linear", arguments: [{ number: "toString" }] }] }), "which describes no value"],
    ["a name to share that there is not", of({ shared: [["a", "b"]] }), '"a" is to be shared'],
    ["a name to share with that there is not", of({ shared: [["weight", "b"]] }), '"b" is to be the same as "weight"'],
    ["a name to freeze that there is not", of({ frozen: ["b"] }), '"b" is to be frozen'],
    ["a module to evaluate that there is not", of({ evaluating: ["b"] }), '"b" is to be in evaluation mode'],
    ["names of another kind", of({ frozen: [1] }), "frozen is an array of 1, expected a list of names"],
  ])("%s", (_, description, message) => {
    expect(() => buildModel(description as ModelDescription, layerClasses)).toThrow(message);
  });

  test("keys such as __proto__ change nothing", () => {
    const description = JSON.parse('{"modules":[{"class":"Dropout","arguments":[0.5,{"record":{"__proto__":{"number":"NaN"}}}]}],"shared":[],"frozen":[],"evaluating":[]}') as ModelDescription;
    expect(() => buildModel(description, layerClasses)).toThrow("Dropout");
    expect(Reflect.get({}, "number")).toBe(undefined);
  });
});

test("variables are listed under all their names", () => {
  const model = new Tied();
  Reflect.set(model.output, "weight", model.embedding.weight);
  expect([...model.namedVariables().keys()]).toEqual(["embedding.weight", "output.weight", "output.bias", "extra.0", "extra.1"]);
  expect(model.namedVariables().get("output.weight")).toBe(model.embedding.weight);
  expect(model.namedVariables().get("extra.0")).toBeInstanceOf(Variable);
});
