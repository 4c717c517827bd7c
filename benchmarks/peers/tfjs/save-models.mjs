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

const glorot = { recurrentInitializer: "glorotNormal" };

/** Steps of which some are masked, also between others. */
const indices = tf.tensor2d([[1, 2, 0, 10, 4, 0, 0], [4, 0, 4, 9, 3, 2, 7]]);
const steps = tf.tensor3d([[[1, -1], [0, 0], [0.5, 2], [0, 0.1], [0, 0]], [[-2, 0.3], [0.2, 1], [0, 0], [0, 0], [1, 1]]]);

function maskedIndices() {
  return tfl.sequential({ layers: [
    l.embedding({ inputDim: 11, outputDim: 4, inputLength: 7, maskZero: true }), l.bidirectional({ layer: l.gru({ units: 3, ...glorot, returnSequences: true }) }), l.dropout({ rate: 0.2 }),
    l.timeDistributed({ layer: l.dense({ units: 4, activation: "tanh" }) }), l.lstm({ units: 3, ...glorot, returnSequences: true, goBackwards: true }), l.gru({ units: 3, ...glorot, activation: "softsign", recurrentActivation: "sigmoid", goBackwards: true }), l.dense({ units: 2 }),
  ] });
}

function maskedSteps() {
  return tfl.sequential({ layers: [
    l.masking({ inputShape: [5, 2] }), l.lstm({ units: 3, ...glorot, returnSequences: true, dropout: 0.2, recurrentDropout: 0.1 }), l.bidirectional({ layer: l.simpleRNN({ units: 4, ...glorot, activation: "relu" }), mergeMode: "sum" }), l.dense({ units: 2 }),
  ] });
}

function bidirectional() {
  const input = tfl.input({ shape: [5, 3] });
  const cell = (kind, units, returnSequences) => l[kind]({ units, ...glorot, returnSequences, recurrentActivation: "sigmoid" });
  const both = (layer, mergeMode) => l.bidirectional({ layer, mergeMode }).apply(input);
  const [ahead, back] = both(cell("lstm", 2, true), null);
  return tfl.model({ inputs: input, outputs: [
    both(cell("lstm", 3, true), "concat"), both(cell("gru", 3, false), "ave"), both(l.simpleRNN({ units: 2, ...glorot }), "mul"), both(cell("lstm", 2, false), "sum"), l.add().apply([ahead, back]), l.multiply().apply([ahead, back]),
  ] });
}

function recurrent() {
  const input = tfl.input({ shape: [5, 3] });
  const outputs = [
    l.gru({ units: 3, ...glorot, useBias: false }), l.gru({ units: 3, ...glorot, recurrentActivation: "sigmoid", goBackwards: true, returnSequences: true }), l.lstm({ units: 2, ...glorot }), l.lstm({ units: 2, ...glorot, activation: "relu", recurrentActivation: "sigmoid", useBias: false }),
    l.lstm({ units: 3, ...glorot, recurrentActivation: "sigmoid", goBackwards: true }), l.simpleRNN({ units: 3, ...glorot, activation: "linear" }), l.simpleRNN({ units: 2, ...glorot, goBackwards: true, returnSequences: true }),
    l.rnn({ cell: l.gruCell({ units: 2, ...glorot }) }), l.rnn({ cell: l.lstmCell({ units: 2, ...glorot, recurrentActivation: "sigmoid" }), returnSequences: true }), l.rnn({ cell: l.simpleRNNCell({ units: 2, ...glorot }) }),
  ].map((layer) => layer.apply(input));
  return tfl.model({ inputs: input, outputs });
}

/** An encoder whose states start a decoder. */
function translator() {
  const [source, target] = [tfl.input({ shape: [4, 3] }), tfl.input({ shape: [5, 2] })];
  const [output, hidden, cell] = l.lstm({ units: 3, ...glorot, returnState: true, returnSequences: true }).apply(source);
  const decoded = l.lstm({ units: 3, ...glorot, recurrentActivation: "sigmoid", returnSequences: true }).apply(target, { initialState: [hidden, cell] });
  const states = l.bidirectional({ layer: l.gru({ units: 3, ...glorot, returnState: true }), mergeMode: "concat" }).apply(source);
  const again = l.gru({ units: 3, ...glorot }).apply(target, { initialState: [states[2]] });
  const attention = l.activation({ activation: "softmax" }).apply(l.dot({ axes: [2, 2] }).apply([decoded, output]));
  const context = l.dot({ axes: [2, 1] }).apply([attention, output]);
  return tfl.model({ inputs: [source, target], outputs: [l.concatenate().apply([context, decoded]), states[0], again] });
}

function video() {
  const trunk = tfl.sequential({ layers: [l.conv2d({ filters: 3, kernelSize: 2, activation: "relu", inputShape: [4, 5, 2] }), l.flatten(), l.dense({ units: 4 })] });
  const input = tfl.input({ shape: [3, 4, 5, 2] });
  const images = l.timeDistributed({ layer: l.maxPooling2d({ poolSize: 2 }) }).apply(input);
  const flat = l.timeDistributed({ layer: l.flatten() }).apply(images);
  const features = l.timeDistributed({ layer: trunk }).apply(input);
  return tfl.model({ inputs: input, outputs: [images, l.gru({ units: 3, ...glorot }).apply(flat), features] });
}

function volumes() {
  return tfl.sequential({ layers: [
    l.conv3d({ filters: 3, kernelSize: 2, padding: "same", activation: "relu", inputShape: [4, 5, 6, 2] }), l.maxPooling3d({ poolSize: 2, padding: "same" }), l.conv3d({ filters: 2, kernelSize: [1, 2, 2], strides: [1, 2, 1], useBias: false }),
    l.prelu(), l.averagePooling3d({ poolSize: [2, 1, 2], strides: [1, 1, 1] }), l.conv3dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: "same" }), l.dense({ units: 2, activation: "softmax" }), l.flatten(), l.dense({ units: 3 }),
  ] });
}

function shapes() {
  const [image, row] = [tfl.input({ shape: [5, 6, 2] }), tfl.input({ shape: [4] })];
  const cut = l.cropping2D({ cropping: [[1, 0], [0, 2]] }).apply(image);
  const grown = l.upSampling2d({ size: [2, 3], interpolation: "bilinear" }).apply(cut);
  const normal = l.layerNormalization({ axis: -1 }).apply(l.prelu().apply(grown));
  const whole = l.layerNormalization({ axis: [1, 2, 3] }).apply(cut);
  const turned = l.permute({ dims: [3, 1, 2] }).apply(normal);
  const tall = l.concatenate({ axis: 1 }).apply([whole, cut]);
  const repeated = l.spatialDropout1d({ rate: 0.5 }).apply(l.repeatVector({ n: 3 }).apply(row));
  const slopes = l.prelu().apply(l.gaussianDropout({ rate: 0.3 }).apply(repeated));
  const swapped = l.permute({ dims: [2, 1] }).apply(slopes);
  const rows = [l.dot({ axes: 1, normalize: true }).apply([row, l.dense({ units: 4 }).apply(row)]), l.dot({ axes: [2, 1] }).apply([slopes, row]), l.dot({ axes: [1, 2] }).apply([slopes, swapped])];
  return tfl.model({ inputs: [image, row], outputs: [turned, tall, slopes, swapped, ...rows, l.rescaling({ scale: 0.5, offset: -1 }).apply(row), l.thresholdedReLU({ theta: 0.3 }).apply(row)] });
}

/** Rows of indices, whose embeddings have the form of images. */
function indexRows() {
  const input = tfl.input({ shape: [2, 3] });
  const rows = l.embedding({ inputDim: 7, outputDim: 2 }).apply(input);
  return tfl.model({ inputs: input, outputs: [
    l.dense({ units: 3 }).apply(l.flatten().apply(rows)), l.dense({ units: 3 }).apply(rows), l.globalAveragePooling2d({}).apply(rows), l.conv2d({ filters: 2, kernelSize: 2 }).apply(rows),
  ] });
}

/** Layers that are shared: one `flatten` before a dense layer and before results, dense layers after a `flatten` and after a row, and a model. */
function pairs() {
  const [first, second, row] = [tfl.input({ shape: [2, 3, 4] }), tfl.input({ shape: [2, 3, 4] }), tfl.input({ shape: [24] })];
  const [apart, alike] = [l.flatten(), l.flatten()];
  const [shared, both] = [l.dense({ units: 3 }), l.dense({ units: 2 })];
  const flat = apart.apply(second);
  const encoder = tfl.sequential({ layers: [l.conv2d({ filters: 2, kernelSize: 2, inputShape: [2, 3, 4] }), l.flatten(), l.dense({ units: 2 })] });
  return tfl.model({ inputs: [first, second, row], outputs: [
    l.dense({ units: 2 }).apply(apart.apply(first)), flat, l.concatenate().apply([row, flat]), shared.apply(l.flatten().apply(first)), shared.apply(row),
    l.dense({ units: 3 }).apply(alike.apply(first)), l.dense({ units: 2 }).apply(alike.apply(second)), both.apply(l.flatten().apply(first)), both.apply(l.flatten().apply(second)),
    encoder.apply(first), encoder.apply(second),
  ] });
}

/** The state after masked steps, in a model; and a layer with the name that a mask could have. */
function maskedStates() {
  const input = tfl.input({ shape: [5, 2] });
  const [all, hidden, cell] = l.lstm({ units: 3, ...glorot, returnSequences: true, returnState: true }).apply(l.masking({ name: "steps" }).apply(input));
  const [ahead, back, state] = l.bidirectional({ layer: l.gru({ units: 2, ...glorot, returnSequences: true, returnState: true }), mergeMode: null }).apply(all);
  const head = tfl.sequential({ layers: [l.dense({ units: 2, inputShape: [3] })] });
  return tfl.model({ inputs: input, outputs: [
    head.apply(hidden), l.dense({ units: 2, name: "steps_mask" }).apply(cell), l.simpleRNN({ units: 2, ...glorot }).apply(ahead), l.simpleRNN({ units: 2, ...glorot }).apply(back), l.dense({ units: 2 }).apply(state),
  ] });
}

const models = {
  perceptron: [perceptron], convolutional: [convolutional, { shards: 3 }], functional: [functional],
  sequence: [sequence, { inputs: [tf.tensor2d([[1, 2, 3, 10, 0, 5, 6, 7, 8], [4, 4, 4, 4, 9, 9, 9, 9, 0]])] }], generator: [generator], nested: [nested], several: [several],
  "quantized-uint8": [convolutional, { quantization: "uint8" }], "quantized-uint16": [perceptron, { quantization: "uint16" }], "quantized-float16": [perceptron, { quantization: "float16" }],
  "masked-indices": [maskedIndices, { inputs: [indices] }], "masked-steps": [maskedSteps, { inputs: [steps] }], bidirectional: [bidirectional], recurrent: [recurrent], translator: [translator], video: [video], volumes: [volumes], shapes: [shapes],
  "index-rows": [indexRows, { inputs: [tf.tensor3d([[[1, 2, 0], [6, 4, 4]], [[3, 3, 5], [0, 1, 2]]])] }], pairs: [pairs], "masked-states": [maskedStates, { inputs: [steps] }],
};
for (const [name, [make, options]] of Object.entries(models)) {
  const model = make();
  fill(model);
  await save(name, model, options);
  console.log(name);
}
