import { Generator, normal, tensor, uniform } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  AlphaDropout, BatchNorm1d, CELU, Conv1d, Dropout, ELU, Flatten, GaussianNoise, GELU, Hardshrink, Hardsigmoid, Hardswish, Hardtanh, Identity, LeakyReLU, Linear, LogSigmoid, LogSoftmax, Maxout, Mish, PReLU, ReLU, ReLU6, RReLU,
  SELU, Sequential, Sigmoid, SiLU, Softmax, Softmin, Softplus, Softshrink, Softsign, Step, Tanh, Tanhshrink, Threshold, weightNorm, type Module, type TensorModule,
} from "../../src/index.js";
import { toJavaScript, type JavaScriptOptions } from "../../src/javascript/index.js";

type Predict = (row: Row | Float32Array) => readonly number[];

/** `row` is a list in JavaScript only: it may hold anything. */
type Row = readonly unknown[];

const predictOf = async (source: string): Promise<Predict> => ((await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`)) as { readonly predict: Predict }).predict;

const rows = normal([24, 3], { std: 2, generator: new Generator(1) });

/** Compares a module of JavaScript with its network, row by row. */
async function expectSame(model: TensorModule, x = rows): Promise<void> {
  const predict = await predictOf(toJavaScript(model, { inputs: x.shape[1] ?? 0 }));
  model.eval();
  const expected = model.forward(x).toArray() as number[][];
  (x.toArray() as number[][]).forEach((row, at) => {
    const answers = predict(row);
    expect(answers).toHaveLength(expected[at]?.length ?? NaN);
    answers.forEach((answer, index) => expect(Math.abs(answer - (expected[at]?.[index] ?? NaN)) / Math.max(1, Math.abs(answer))).toBeLessThan(2e-6));
  });
}

const linear = (from: number, to: number): Linear => new Linear(from, to, { generator: new Generator(from + to) });

const activations: readonly TensorModule[] = [
  new AlphaDropout(0.5), new CELU(0.7), new Dropout(0.5), new ELU(1.3), new Flatten(), new GaussianNoise(1), new GELU(), new GELU({ approximate: "tanh" }), new Hardshrink(), new Hardsigmoid(), new Hardswish(), new Hardtanh(-0.5, 2), new Identity(),
  new LeakyReLU(-0.2), new LogSigmoid(), new LogSoftmax(), new Maxout(2), new Mish(), new PReLU(), new PReLU(4, { initial: -0.1 }), new ReLU(), new ReLU6(), new RReLU(), new SELU(), new Sigmoid(), new SiLU(), new Softmax(), new Softmin(1),
  new Softplus(), new Softplus({ beta: 3, threshold: 1 }), new Softshrink(), new Softsign(), new Step(), new Tanh(), new Tanhshrink(), new Threshold(0.1, -3),
];

describe("weights in base64", () => {
  /** The rows that a module has decoded. */
  const decoded = async (model: Module, inputs: number): Promise<readonly (readonly number[])[]> => {
    const source = toJavaScript(model, { inputs, weights: "base64" });
    return ((await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(`${source}export { weight };`)}`)) as { readonly weight: readonly (readonly number[])[] }).weight;
  };

  test("decode to the same numbers, bit by bit", async () => {
    const numbers = [0, -0, 1e-45, -1.17549435e-38, 3.4028235e38, -Infinity, 1 / 3, -2.5e-7, ...normal([17 * 31 - 8], { std: 10, generator: new Generator(2) }).toTypedArray()];
    const layer = new Linear(31, 17);
    layer.weight.value = tensor(numbers, { shape: [17, 31] });
    const rows = await decoded(layer, 31);
    expect([rows.length, ...new Set(rows.map(({ length }) => length))]).toEqual([17, 31]);
    expect(rows.flat().every((value, at) => Object.is(value, Math.fround(numbers[at] ?? NaN)))).toBe(true);
  });

  test("give the answers of decimal ones, and take less of a file", async () => {
    const model = new Sequential(linear(300, 20), new ReLU(), linear(20, 3));
    const [decimal, base64] = (["decimal", "base64"] as const).map((weights) => toJavaScript(model, { inputs: 300, weights }));
    const row = [...normal([300], { generator: new Generator(3) }).toTypedArray()];
    // The shortest decimal of a float32 is another float64.
    const [readable, exact] = [(await predictOf(decimal ?? ""))(row), (await predictOf(base64 ?? ""))(row)];
    expect(exact.map((answer, at) => Math.abs(answer - (readable[at] ?? NaN)) < 1e-6)).toEqual([true, true, true]);
    expect((base64 ?? "").length).toBeLessThan(0.55 * (decimal ?? "").length);
  });

  test("leave matrices of float64 decimal", () => {
    const exact = new Linear(1, 1, { dtype: "float64" });
    exact.weight.value = tensor([[0.1 + 0.2]], { dtype: "float64" });
    expect(toJavaScript(exact, { inputs: 1, weights: "base64" })).toBe(toJavaScript(exact, { inputs: 1 }));
    expect(() => toJavaScript(exact, { inputs: 1, weights: "hex" as "base64" })).toThrow('weights is the string "hex", expected "decimal" or "base64"');
  });
});

describe("a network as JavaScript", () => {
  test.each(activations.map((activation) => [activation.constructor.name, activation] as const))("%s computes the same", async (_, activation) => {
    await expectSame(new Sequential(linear(3, 4), activation, linear(activation instanceof Maxout ? 2 : 4, 2)));
    // By itself, far from 0 and at it.
    const width = activation instanceof Maxout || activation instanceof PReLU ? 4 : 3;
    await expectSame(activation, tensor([[0, -0, 1], [-30, 30, 100], [-100, 6, -6], [3, -3, 0.5]].map((row) => [...row, 1].slice(0, width))));
  });

  test("batch normalisation has the running statistics", async () => {
    const norm = new BatchNorm1d(4);
    const model = new Sequential(linear(3, 4), norm, new Sequential(new Tanh(), new Linear(4, 2, { bias: false })));
    for (let at = 0; at < 5; at++) model.forward(uniform([16, 3], { low: -1, high: 9, generator: new Generator(at) }));
    await expectSame(model);
    await expectSame(new Sequential(linear(3, 4), new BatchNorm1d(4, { affine: false })));
  });

  test("a layer alone, a computed weight, and float64 are written", async () => {
    await expectSame(linear(3, 1));
    const normed = linear(3, 2);
    weightNorm(normed);
    await expectSame(new Sequential(normed));
    const exact = new Linear(1, 1, { dtype: "float64" });
    exact.weight.value = tensor([[0.1 + 0.2]], { dtype: "float64" });
    expect(toJavaScript(exact, { inputs: 1 })).toContain("0.30000000000000004");
  });

  test("is read easily, and stays small", () => {
    const model = new Sequential(new Linear(2, 2), new ReLU(), new Linear(2, 1));
    const values = [[[0.5, -1.25], [2, 0.1]], [0, 1], [[1, -1]], [0.25]];
    model.parameters().forEach((parameter, at) => (parameter.value = tensor(values[at] ?? [])));
    expect(toJavaScript(model, { inputs: 2, description: ["Made for\na test."], declarations: ['export const classes = ["a", "b"];'], finish: ["x = x.map(Math.round);"] })).toMatchSnapshot();
  });

  test("a row is made into inputs, and refused if it is none", async () => {
    const model = linear(2, 1);
    const predict = await predictOf(toJavaScript(model, { inputs: 1, features: 2, prepare: ["let x = [row[0], row[0] ** 2];"], finish: ["x = [10 * x[0]];"] }));
    expect((predict([3])[0] ?? NaN) / 10).toBeCloseTo(model.forward(tensor([[3, 9]])).item(), 5);
    expect(predict(Float32Array.of(3))).toEqual(predict([3]));
    for (const wrong of [[], [1, 2], [NaN], ["1"]]) expect(() => predict(wrong)).toThrow("predict: expected a row of 1 finite numbers");
  });

  test("expressions of several networks are one program", async () => {
    const models = [new Sequential(linear(2, 3), new Softplus(), linear(3, 1)), new Sequential(linear(2, 1), new Softplus())];
    const expressions = models.map((model) => toJavaScript(model, { inputs: 2, form: "expression", description: ["One of two."] }));
    const predict = await predictOf(`const networks = [\n${expressions.join(",\n")},\n];\nexport const predict = (row) => networks.map((network) => network(row)[0]);`);
    const expected = models.map((model) => model.forward(tensor([[0.5, -2]])).item());
    predict([0.5, -2]).forEach((answer, at) => expect(answer).toBeCloseTo(expected[at] ?? NaN, 6));
    expect(() => predict([1])).toThrow("predict: expected a row of 2 finite numbers");
    expect(expressions[1]).toMatch(/^\(\(\) => \{\n {2}\/\/ One of two\.\n/);
  });

  class Doubled extends ReLU {}

  test.each<[string, Module, JavaScriptOptions, string]>([
    ["a layer without a form", new Sequential(new Linear(2, 2), new Sequential(new Conv1d(2, 2, 1))), { inputs: 2 }, 'toJavaScript: the layer "1.0" is Conv1d, which has no form in JavaScript'],
    ["a class derived from a layer", new Doubled(), { inputs: 2 }, "toJavaScript: the model is Doubled, which has no form in JavaScript"],
    ["statistics of a batch", new BatchNorm1d(2, { trackRunningStats: false }), { inputs: 2 }, "has no form in JavaScript"],
    ["another axis", new Softmax(0), { inputs: 2 }, "has no form in JavaScript"],
    ["pieces that do not fit", new Maxout(3), { inputs: 4 }, "has no form in JavaScript"],
    ["too few inputs", new Sequential(new Linear(3, 2)), { inputs: 2 }, 'toJavaScript: the layer "0", Linear, takes 3 values, and gets 2; check the options "inputs" and "features"'],
    ["widths that do not fit", new Sequential(new Linear(2, 3), new PReLU(4)), { inputs: 2 }, 'toJavaScript: the layer "1", PReLU, takes 4 values, and gets 3; the layer before it gives another number'],
    ["no module", "model" as never, { inputs: 2 }, 'toJavaScript: the first argument is the string "model", expected a module'],
    ["no options", new ReLU(), undefined as never, "toJavaScript: inputs is undefined, expected a positive whole number"],
    ["an unknown form", new ReLU(), { inputs: 2, form: "script" } as never, 'toJavaScript: form is the string "script", expected "module" or "expression"'],
    ["an unknown option", new ReLU(), { inputs: 2, input: 2 } as never, 'toJavaScript: there is no option "input"; did you mean "inputs"?'],
  ])("%s is refused", (_, model, options, message) => {
    expect(() => toJavaScript(model, options)).toThrow(message);
  });
});
