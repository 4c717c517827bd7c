import { buildModel, describeModel, GRU, layerClasses, Sequential, type Module } from "@nn/layers";
import { manualSeed, ones, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { LayerGraph, loadLayersModel, tensorFlowClasses } from "../../src/tensorflow/index.js";

type Json = Readonly<Record<string, unknown>>;

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Numbers that look random, and are the same in every run. */
const numbers = (count: number, salt = 0): number[] => Array.from({ length: count }, (_, at) => Math.sin((at + salt) * 1.7) * 0.5);
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The files of a model, with weights from {@link numbers} one after another. */
function filesOf(layers: readonly Json[], weights: readonly Weight[], modelConfig?: Json): File[] {
  const values = Float32Array.from(numbers(weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0)));
  const modelTopology = modelConfig ?? { class_name: "Sequential", config: { name: "model", layers } };
  const manifest = [{ paths: ["weights.bin"], weights: weights.map((weight) => ({ ...weight, dtype: "float32" })) }];
  return [new File([JSON.stringify({ format: "layers-model", modelTopology, weightsManifest: manifest })], "model.json"), new File([values], "weights.bin")];
}

const layer = (className: string, config: Json): Json => ({ class_name: className, config: { name: className.toLowerCase(), ...config } });
const shape = (...sizes: readonly (number | null)[]): Json => ({ batch_input_shape: [null, ...sizes] });

/** `reset_after` is what Keras 2 writes by default; TensorFlow.js refuses it, so that the truth is the formula. */
describe("a GRU with reset_after", () => {
  const [inputs, units, steps] = [2, 3, 4];
  const weights = [{ name: "gru/gru_cell_1/kernel", shape: [inputs, 3 * units] }, { name: "gru/gru_cell_1/recurrent_kernel", shape: [units, 3 * units] }, { name: "gru/gru_cell_1/bias", shape: [2, 3 * units] }];
  const input = numbers(steps * inputs, 50);

  /** `z, r = g(x W + b + h U + b')`, `h̃ = f(x W + b + r (h U + b'))`, `h' = z h + (1 − z) h̃`, in float64. */
  function expected(g: (x: number) => number): number[] {
    const all = Array.from(Float32Array.from(numbers(weights.reduce((sum, each) => sum + sizeOf(each.shape), 0))));
    const [kernel, own, bias] = [all.slice(0, 18), all.slice(18, 45), all.slice(45)];
    const product = (x: readonly number[], matrix: readonly number[], row: readonly number[]): number[] => row.map((start, column) => x.reduce((sum, each, at) => sum + each * (matrix[at * 3 * units + column] ?? NaN), start));
    let h = new Array<number>(units).fill(0);
    for (let step = 0; step < steps; step++) {
      const fromInput = product(input.slice(step * inputs, (step + 1) * inputs), kernel, bias.slice(0, 3 * units));
      const fromState = product(h, own, bias.slice(3 * units));
      const gate = (at: number): number => g((fromInput[at] ?? NaN) + (fromState[at] ?? NaN));
      h = h.map((before, at) => {
        const candidate = Math.tanh((fromInput[2 * units + at] ?? NaN) + gate(units + at) * (fromState[2 * units + at] ?? NaN));
        return gate(at) * before + (1 - gate(at)) * candidate;
      });
    }
    return h;
  }

  test.each<[string, (x: number) => number]>([
    ["sigmoid", (x) => 1 / (1 + Math.exp(-x))],
    ["hard_sigmoid", (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5))],
  ])("and the recurrent activation %s", async (name, g) => {
    const model = await loadLayersModel(filesOf([layer("GRU", { ...shape(steps, inputs), units, activation: "tanh", recurrent_activation: name, reset_after: true })], weights)) as Sequential;
    const found = model.forward(tensor(input, { shape: [1, steps, inputs] }));
    for (const [at, value] of expected(g).entries()) expect(found.toTypedArray()[at]).toBeCloseTo(value, 6);
    expect([...model.modules()].some((module) => module instanceof GRU)).toBe(name === "sigmoid");
  });
});

describe("refuses", () => {
  const cell = (name: string, inputs: number, units: number): Weight[] => [{ name: `${name}/kernel`, shape: [inputs, units] }, { name: `${name}/recurrent_kernel`, shape: [units, units] }, { name: `${name}/bias`, shape: [units] }];
  const rnn = { units: 2, activation: "tanh" };

  test.each<[string, readonly Json[], readonly Weight[], string]>([
    ["recurrent layers that no mask reaches, while others are masked", [layer("Masking", shape(4, 2)), layer("LeakyReLU", {}), layer("SimpleRNN", rnn)], cell("simplernn", 2, 2), "(SimpleRNN): no mask reaches it, although the model masks steps"],
    ["a mask of images", [layer("Masking", shape(4, 3, 2))], [], "(Masking): its input is [4, 3, 2], expected [steps, features]"],
    ["state that is kept between calls", [layer("SimpleRNN", { ...rnn, ...shape(4, 2), stateful: true })], cell("simplernn", 2, 2), "(SimpleRNN): stateful true is not supported"],
    ["a wrapper of a layer that is not recurrent", [layer("Bidirectional", { ...shape(4, 2), layer: layer("ReLU", {}) })], [], "(Bidirectional): the layer in it is not recurrent"],
    ["other ways to merge directions", [layer("Bidirectional", { ...shape(4, 2), merge_mode: "max", layer: layer("SimpleRNN", rnn) })], [], '(Bidirectional): merge_mode is the string "max", expected "concat", "sum", "ave", "mul", null'],
    ["classes in wrappers that it does not know", [layer("TimeDistributed", { ...shape(4, 2), layer: layer("Secret", {}) })], [], 'it has layers that cannot be read: "Secret"'],
    ["a cell that it does not know", [layer("RNN", { ...shape(4, 2), cell: layer("StackedRNNCells", {}) })], [], '(RNN): a cell of the class "StackedRNNCells" is not supported'],
    ["axes that are not the last ones", [layer("LayerNormalization", { ...shape(4, 2), axis: 1 })], [], "(LayerNormalization): axis 1 is not supported, expected the last ones"],
    ["a mask of rows of indices", [layer("Embedding", { ...shape(2, 3), input_dim: 5, output_dim: 2, mask_zero: true })], [{ name: "embedding/embeddings", shape: [5, 2] }], "(Embedding): its input is [2, 3], expected [steps] with mask_zero"],
    ["a permutation that leaves out an axis", [layer("Permute", { ...shape(4, 2), dims: [1, 1] })], [], "(Permute): dims is [1,1], expected each axis of [4, 2] once"],
    ["slopes of another shape", [layer("PReLU", shape(4, 2))], [{ name: "prelu/alpha", shape: [3, 2] }], "(PReLU): its slopes are [3, 2], but its input [4, 2]"],
  ])("%s", async (_, layers, weights, message) => {
    await expect(loadLayersModel(filesOf(layers, weights))).rejects.toThrow(message);
  });

  test("two layers with one name", async () => {
    await expect(loadLayersModel(filesOf([layer("ELU", { ...shape(2), alpha: 1 }), layer("ELU", { alpha: 2 })], []))).rejects.toThrow('the description of its model is damaged: two layers have the name "elu"');
  });

  test("a mask that goes into a model", async () => {
    const inner = { class_name: "Sequential", config: { name: "inner", layers: [layer("SimpleRNN", { ...rnn, ...shape(4, 2) })] } };
    await expect(loadLayersModel(filesOf([layer("Masking", shape(4, 2)), inner], cell("simplernn", 2, 2)))).rejects.toThrow("a mask goes into it; masks end at models that are layers");
  });

  test("modules in a file with other arguments", () => {
    const wrong = (name: string, ...given: readonly unknown[]): void => {
      const entry = tensorFlowClasses[name];
      expect(() => entry?.create(given)).toThrow(new RegExp(`^${name}: `));
    };
    wrong("KerasRecurrent", "tree", 2, 2, {}, {});
    wrong("KerasRecurrent", "rnn", 2, 2, 3, {});
    wrong("Bidirectional", 1, 2, "concat", true);
    wrong("Merge", "divide");
    wrong("Dot", [0, 1], false);
    wrong("ChannelsLastPermute", ["a"]);
    wrong("TimeDistributed", null);
    wrong("Outputs", null, true, false);
    wrong("RepeatSteps", 0);
    wrong("CornerUpsample", [0.5]);
  });

  test("nodes of a graph whose layers have another number of results", () => {
    const graph = new LayerGraph({ a: new Sequential() }, 1, [{ layer: "a", inputs: [0], results: 2 }], [1, 2]);
    expect(() => graph.forward(zeros([1]))).toThrow('LayerGraph: the layer "a" returned 1 results, but its node says 2');
    expect(() => new LayerGraph({ a: new Sequential() }, 1, [{ layer: "a", inputs: [0], results: 0 }], [1])).toThrow("LayerGraph: results of node 0 is 0, expected a positive whole number");
  });
});

describe("in training", () => {
  const weights = [{ name: "simplernn/kernel", shape: [2, 3] }, { name: "simplernn/recurrent_kernel", shape: [3, 3] }, { name: "simplernn/bias", shape: [3] }];
  const load = async (config: Json): Promise<Sequential> => await loadLayersModel(filesOf([layer("SimpleRNN", { ...shape(5, 2), units: 3, activation: "linear", return_sequences: true, ...config })], weights)) as Sequential;

  test("a recurrent layer drops the same features at all steps", async () => {
    manualSeed(3);
    const model = (await load({ dropout: 0.5 })).train();
    // Without inputs every step adds the bias to what comes from the state.
    const [without] = (await load({})).forward(zeros([1, 5, 2])).toArray() as number[][][];
    const sequences = model.forward(ones([40, 5, 2])).toArray() as number[][][];
    expect(new Set(sequences.map((sequence) => JSON.stringify(sequence))).size).toBe(4);
    expect(sequences).toContainEqual(without);
    model.loadStateDict(Object.fromEntries(Object.entries(model.stateDict()).map(([name, value]) => [name, name.endsWith("recurrent_kernel") ? zeros(value.shape) : value])));
    for (const sequence of model.forward(ones([20, 5, 2])).toArray() as number[][][]) expect(new Set(sequence.map((step) => JSON.stringify(step))).size).toBe(1);
  });

  test.each<[string, readonly Json[], readonly Weight[], readonly number[]]>([
    ["recurrent layers", [layer("SimpleRNN", { ...shape(5, 2), units: 3, activation: "tanh", dropout: 1, recurrent_dropout: 1 })], weights, [3, 5, 2]],
    ["Dropout", [layer("Dropout", { ...shape(4), rate: 1 })], [], [3, 4]],
    ["AlphaDropout", [layer("AlphaDropout", { ...shape(4), rate: 1 })], [], [3, 4]],
    ["GaussianDropout", [layer("GaussianDropout", { ...shape(4), rate: 1 })], [], [3, 4]],
    ["SpatialDropout1D", [layer("SpatialDropout1D", { ...shape(5, 2), rate: 1 })], [], [3, 5, 2]],
  ])("a rate of 1 drops nothing, as in TensorFlow.js: %s", async (_, layers, given, sizes) => {
    const model = await loadLayersModel(filesOf(layers, given)) as Sequential;
    const x = tensor(numbers(sizeOf(sizes)), { shape: sizes });
    expect(model.train().forward(x).toArray()).toEqual(model.eval().forward(x).toArray());
  });

  test("GaussianDropout multiplies by numbers of mean 1 and the variance of dropout", async () => {
    manualSeed(4);
    const model = (await loadLayersModel(filesOf([layer("GaussianDropout", { ...shape(10_000), rate: 0.2 })], [])) as Sequential).train();
    const found = model.forward(ones([1, 10_000]));
    // Standard deviation 0.5: the mean deviates by 0.005, the variance by 0.0035.
    expect(Math.abs(found.mean().item() - 1)).toBeLessThan(0.025);
    expect(Math.abs(found.sub(1).square().mean().item() - 0.25)).toBeLessThan(0.02);
    expect(model.eval().forward(ones([1, 4])).toArray()).toEqual([[1, 1, 1, 1]]);
  });
});

test("a depthwise convolution has the dilation of Keras, which TensorFlow.js ignores", async () => {
  const model = await loadLayersModel(filesOf([layer("DepthwiseConv2D", { ...shape(4, 1, 1), kernel_size: [2, 1], dilation_rate: [2, 1], use_bias: false })], [{ name: "depthwiseconv2d/depthwise_kernel", shape: [2, 1, 1, 1] }])) as Sequential;
  const [first = NaN, second = NaN] = numbers(2);
  const found = model.forward(tensor([1, 2, 3, 5], { shape: [1, 1, 4, 1] })).toTypedArray();
  expect([...found]).toEqual([first + 3 * second, 2 * first + 5 * second].map((each) => expect.closeTo(each, 6) as unknown));
});

test("vectors shorter than √1e-7 are divided by that, as in TensorFlow.js", () => {
  const dot = tensorFlowClasses["Dot"]?.create([[1, 1], true]) as Module;
  const result = Reflect.apply(dot.forward, dot, [tensor([[1e-4, 0]]), tensor([[0, 3]])]) as Tensor;
  expect(result.item()).toBe(0);
  const near = Reflect.apply(dot.forward, dot, [tensor([[1e-4, 0]]), tensor([[3, 0]])]) as Tensor;
  expect(near.item()).toBeCloseTo(1e-4 / Math.sqrt(1e-7), 6);
});

test("a graph with masks keeps its architecture in a description", async () => {
  const layers = [layer("Embedding", { ...shape(4), input_dim: 5, output_dim: 2, mask_zero: true }), layer("SimpleRNN", { units: 3, activation: "tanh" })];
  const weights = [{ name: "embedding/embeddings", shape: [5, 2] }, { name: "simplernn/kernel", shape: [2, 3] }, { name: "simplernn/recurrent_kernel", shape: [3, 3] }, { name: "simplernn/bias", shape: [3] }];
  const model = await loadLayersModel(filesOf(layers, weights)) as LayerGraph;
  const classes = { ...layerClasses, ...tensorFlowClasses };
  const copy = buildModel(describeModel(model, classes), classes) as LayerGraph;
  copy.loadStateDict(model.stateDict());
  const [padded, short] = [tensor([[1, 2, 0, 0]], { dtype: "int32" }), tensor([[1, 2]], { dtype: "int32" })];
  const resultOf = (graph: LayerGraph, x: Tensor): unknown => (graph.forward(x) as Tensor).toArray();
  expect(resultOf(copy, padded)).toEqual(resultOf(model, padded));
  // Padding after the steps changes nothing.
  expect(resultOf(model, padded)).toEqual(resultOf(model, short));
});
