// Writes the models of packages/model-files/test/fixtures as TensorFlow.js saves them, with inputs and what it predicts for them:
//   npm ci --prefix benchmarks/peers && node benchmarks/peers/tfjs/save-models.mjs packages/model-files/test/fixtures
import * as backend from "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// It registers itself with the core.
if (backend.version_cpu === undefined) throw new Error("the backend is missing");

const folder = process.argv[2] ?? ".";
const l = tfl.layers;

/** The same weights in every run; variances are positive. */
function fill(model) {
  let at = 0;
  model.setWeights(model.getWeights().map((weight, index) => {
    const isVariance = model.weights[index].originalName.endsWith("moving_variance");
    const values = Array.from({ length: weight.size }, () => Math.sin(++at * 1.7) * 0.5);
    return tf.tensor(values.map((value) => (isVariance ? Math.abs(value) + 0.5 : value)), weight.shape);
  }));
}

const inputFor = (shape, count, salt) => tf.tensor(Array.from({ length: count * shape.reduce((a, b) => a * b, 1) }, (_, at) => Math.cos(at * 0.9 + salt)), [count, ...shape]);

/** Weights as whole numbers of 8 or 16 bits with a scale, or as half precision, as tensorflowjs_converter writes them. */
function quantize({ specs, data }, dtype) {
  const parts = [];
  const quantized = specs.map((spec, index) => {
    const size = spec.shape.reduce((a, b) => a * b, 1);
    const start = specs.slice(0, index).reduce((sum, { shape }) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0);
    const values = new Float32Array(data.slice(start, start + 4 * size));
    if (dtype === "float16") {
      parts.push(new Uint8Array(Uint16Array.from(values, toHalf).buffer));
      return { ...spec, quantization: { dtype, original_dtype: "float32" } };
    }
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const most = dtype === "uint8" ? 255 : 65535;
    const scale = (max - min) / most || 1;
    const whole = Array.from(values, (value) => Math.round((value - min) / scale));
    parts.push(dtype === "uint8" ? Uint8Array.from(whole) : new Uint8Array(Uint16Array.from(whole).buffer));
    return { ...spec, quantization: { dtype, min, scale, original_dtype: "float32" } };
  });
  const bytes = Buffer.concat(parts);
  return { specs: quantized, data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) };
}

/** Half precision, cut off: any half is fine here. */
function toHalf(value) {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0];
  const exponent = ((bits >> 23) & 255) - 127 + 15;
  return ((bits >> 16) & 0x8000) | (exponent <= 0 ? 0 : (exponent << 10) | ((bits >> 13) & 0x3ff));
}

async function artifactsOf(model) {
  let saved;
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  }));
  return saved;
}

async function save(name, model, { inputs, count = 2, shards = 1, quantization } = {}) {
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(model);
  const { specs, data } = quantization === undefined ? { specs: weightSpecs, data: weightData } : quantize({ specs: weightSpecs, data: weightData }, quantization);
  const size = Math.ceil(data.byteLength / shards);
  const paths = Array.from({ length: shards }, (_, at) => `group1-shard${at + 1}of${shards}.bin`);
  const manifest = [{ paths, weights: specs }];
  const loaded = await tfl.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: specs, weightData: data }));
  const given = inputs ?? loaded.inputs.map(({ shape }, at) => inputFor(shape.slice(1), count, at));
  const predicted = [loaded.predict(given.length === 1 ? given[0] : given)].flat();
  const listed = (x) => ({ shape: x.shape, values: Array.from(x.dataSync()) });
  mkdirSync(join(folder, name), { recursive: true });
  paths.forEach((path, at) => writeFileSync(join(folder, name, path), Buffer.from(data.slice(at * size, (at + 1) * size))));
  writeFileSync(join(folder, name, "model.json"), JSON.stringify({ format: "layers-model", generatedBy: `TensorFlow.js tfjs-layers v${tfl.version_layers}`, convertedBy: null, modelTopology, weightsManifest: manifest }));
  writeFileSync(join(folder, name, "expected.json"), JSON.stringify({ inputs: given.map(listed), outputs: predicted.map(listed) }));
}

function perceptron() {
  return tfl.sequential({ layers: [
    l.dense({ units: 6, activation: "relu", inputShape: [5] }), l.batchNormalization(), l.dropout({ rate: 0.3 }), l.layerNormalization(),
    l.dense({ units: 4, activation: "selu" }), l.dense({ units: 4, activation: "hardSigmoid" }), l.dense({ units: 4, useBias: false, activation: "swish" }), l.dense({ units: 3, activation: "softmax" }),
  ] });
}

function convolutional() {
  return tfl.sequential({ layers: [
    l.conv2d({ filters: 4, kernelSize: 3, padding: "same", activation: "relu", inputShape: [8, 10, 2] }), l.maxPooling2d({ poolSize: 2 }),
    l.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: "same" }), l.batchNormalization({ scale: false }), l.activation({ activation: "tanh" }),
    l.flatten(), l.dropout({ rate: 0.5 }), l.batchNormalization(), l.dense({ units: 5, activation: "elu" }), l.dense({ units: 3, activation: "softmax" }),
  ] });
}

function functional() {
  const input = tfl.input({ shape: [9, 7, 3], name: "image" });
  const padded = l.zeroPadding2d({ padding: [[1, 0], [2, 1]] }).apply(input);
  const stem = l.conv2d({ filters: 4, kernelSize: [3, 2], strides: [2, 1], useBias: false }).apply(padded);
  const first = l.reLU({ maxValue: 6 }).apply(l.batchNormalization({ epsilon: 0.01 }).apply(stem));
  const deep = l.depthwiseConv2d({ kernelSize: 3, padding: "same", activation: "sigmoid" }).apply(first);
  const separable = l.separableConv2d({ filters: 4, kernelSize: 3, padding: "same" }).apply(first);
  const sum = l.add().apply([first, deep, separable]);
  const product = l.multiply().apply([sum, l.leakyReLU({ alpha: 0.2 }).apply(deep)]);
  const joined = l.concatenate().apply([l.averagePooling2d({ poolSize: 2, strides: 2, padding: "same" }).apply(product), l.maxPooling2d({ poolSize: 2, strides: 2, padding: "same" }).apply(sum)]);
  const shared = l.dense({ units: 8, activation: "relu", name: "shared" });
  const twice = shared.apply(shared.apply(joined));
  const scores = l.dense({ units: 2, activation: "softmax", name: "scores" }).apply(l.globalAveragePooling2d({}).apply(twice));
  return tfl.model({ inputs: input, outputs: [scores, twice, l.flatten().apply(joined)] });
}

function sequence() {
  return tfl.sequential({ layers: [
    l.embedding({ inputDim: 11, outputDim: 4, inputLength: 9 }), l.conv1d({ filters: 5, kernelSize: 3, padding: "same", activation: "relu" }), l.maxPooling1d({ poolSize: 2, padding: "same" }), l.batchNormalization(),
    l.lstm({ units: 4, recurrentInitializer: "glorotNormal", recurrentActivation: "sigmoid", returnSequences: true }), l.simpleRNN({ units: 3, recurrentInitializer: "glorotNormal", returnSequences: true }), l.dense({ units: 3, activation: "softplus" }), l.globalMaxPooling1d(), l.dense({ units: 2 }),
  ] });
}

function generator() {
  return tfl.sequential({ layers: [
    l.dense({ units: 24, inputShape: [3] }), l.reshape({ targetShape: [2, 3, 4] }), l.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }), l.upSampling2d({ size: [2, 1] }),
    l.prelu({ sharedAxes: [1, 2] }), l.conv2dTranspose({ filters: 2, kernelSize: [4, 2], strides: [2, 3], padding: "valid" }), l.conv2dTranspose({ filters: 2, kernelSize: 4, strides: 2, padding: "same" }), l.softmax({ axis: -1 }),
  ] });
}

function nested() {
  const trunk = tfl.model((() => {
    const input = tfl.input({ shape: [6, 6, 1] });
    return { inputs: input, outputs: l.conv2d({ filters: 3, kernelSize: 3, activation: "relu6" }).apply(input), name: "trunk" };
  })());
  return tfl.sequential({ layers: [trunk, l.flatten(), l.dense({ units: 2 })] });
}

function several() {
  const [a, b] = [tfl.input({ shape: [4], name: "a" }), tfl.input({ shape: [3], name: "b" })];
  const wide = l.dense({ units: 3, activation: "mish" }).apply(a);
  return tfl.model({ inputs: [a, b], outputs: [l.maximum().apply([wide, b]), l.average().apply([wide, b]), l.minimum().apply([wide, b])] });
}

const models = {
  perceptron: [perceptron], convolutional: [convolutional, { shards: 3 }], functional: [functional],
  sequence: [sequence, { inputs: [tf.tensor2d([[1, 2, 3, 10, 0, 5, 6, 7, 8], [4, 4, 4, 4, 9, 9, 9, 9, 0]])] }], generator: [generator], nested: [nested], several: [several],
  "quantized-uint8": [convolutional, { quantization: "uint8" }], "quantized-uint16": [perceptron, { quantization: "uint16" }], "quantized-float16": [perceptron, { quantization: "float16" }],
};
for (const [name, [make, options]] of Object.entries(models)) {
  const model = make();
  fill(model);
  await save(name, model, options);
  console.log(name);
}
