import { tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { eagerInterpreter } from "@nn/tensor/interpreter";
import { describeModel, layerClasses, Linear, Parameter, TransformerDecoderLayer, TransformerEncoderLayer, weightNorm } from "@nn/layers";
import { explainGraph } from "@nn/explain";
import { mse } from "@nn/losses";
import { toOnnx } from "@nn/onnx";
import { reduceOnPlateau, SGD, sgd, StochasticWeightAverage } from "@nn/optim";
import { quantize } from "@nn/quantize";
import { memoryStorage } from "@nn/train";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import { ArrayDataset, encodeNpy, Standardizer, tableFromRecords, type Table } from "@nn/data";
import { writeSafetensors } from "@nn/io";
import { writeModel } from "@nn/model-files";
import { GPT2LMHeadModel, Seq2SeqTransformer } from "@nn/models";
import { float, randomSampler } from "@nn/search";
import { ByteTokenizer, BytePairEncoding } from "@nn/text";
import { i32, LinearMemory, ModuleBuilder, type FunctionBuilder } from "@nn/wasm";
import type { Kind } from "./accepts.js";

const ramp = (shape: readonly number[], dtype: "float32" | "int32" | "bool" = "float32"): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Array.from({ length: size }, (_, at) => (dtype === "bool" ? at % 2 : dtype === "int32" ? at % 3 : (at + 1) / (size + 1)))).cast(dtype).reshape(shape);
};

/** Tensors that operations take: of every rank, square and not, floats, class indices and masks. */
const tensors = (): readonly Tensor[] => [
  ramp([4]), ramp([3, 3]), ramp([2, 3]), ramp([2, 4, 6]), ramp([1, 4, 4, 4]), ramp([1, 4, 4, 4, 4]), ramp([]), ramp([3]), ramp([4, 4]), ramp([2]), ramp([3, 2, 3]),
  ramp([2], "int32"), ramp([4], "int32"), ramp([2, 3], "int32"), ramp([], "int32"), ramp([1, 2, 4], "int32"), ramp([4], "bool"), ramp([2, 3], "bool"), ramp([3, 3], "int32"),
];

const numbers = [2, 1, 3, 0, 0.5, 4, 6, 8];

/** Plausible values of a type, the most plausible first. */
export function samplesOf(kind: Kind): readonly unknown[] {
  switch (kind.kind) {
    case "tensor": return tensors();
    case "variable": return [new Variable(ramp([2, 3]))];
    case "number": return numbers;
    case "string": return ["name", "2"];
    case "boolean": return [true, false];
    case "function": return [(x: unknown) => x, () => 0.5, () => ramp([])];
    case "typedArray": return [new Float32Array(4), new Uint8Array(16)];
    case "undefined": return [undefined];
    case "null": return [null];
    case "literal": return [kind.value];
    case "unknown": return [undefined, 2, "name", [1, 2], ramp([2, 3]), [new Variable(ramp([2, 3]))], (x: unknown) => x, [new Linear(2, 2)], { a: ramp([2]) }];
    case "union": return kind.of.flatMap((each) => samplesOf(each));
    case "list": return listSamples(kind);
    case "record": {
      const required = [...kind.members].filter(([, { optional }]) => !optional);
      const widths = required.map(([, member]) => samplesOf(member.kind));
      const count = Math.max(1, ...widths.map(({ length }) => length));
      return Array.from({ length: count }, (_, at) => Object.fromEntries(required.map(([name], position) => [name, widths[position]?.[at % (widths[position]?.length ?? 1)]])));
    }
  }
}

function listSamples({ of, from }: Extract<Kind, { kind: "list" }>): readonly unknown[] {
  if (of.kind === "number") return [[2, 3], [2], [0, 1], [1, 1, 1], [4, 4], []];
  const lengths = [2, 1, 3].filter((length) => length >= from);
  return samplesOf(of).flatMap((each) => lengths.map((length) => new Array<unknown>(length).fill(each)));
}

/** A study with two trials, as far as what comes after a study looks at it. */
const finishedStudy = (): object => ({
  space: { x: float(0, 1) }, direction: "minimize", seed: 0, sampler: randomSampler(), pruner: undefined,
  trials: [0, 1].map((number) => ({ number, parameters: { x: number / 2 }, reports: [], state: "completed", value: number })),
});

const parquetBytes = (): Uint8Array => Uint8Array.from(readFileSync(new URL("../../packages/data/test/parquet/fixtures/complete.parquet", import.meta.url)));
const days = (): Table => tableFromRecords([{ day: "2024-01-05" }, { day: "2024-02-06" }]);
const table = (): Table => tableFromRecords([{ x: 1, c: "a" }, { x: 2, c: "b" }]);
const items = (): ArrayDataset<number> => new ArrayDataset([0, 1, 0, 1]);
const idx = (): Uint8Array => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5);

/** The path of a file with this content, in the folder that the tests run in. */
function file(name: string, content: string | Uint8Array): string {
  writeFileSync(name, content);
  return name;
}

/** A model of TensorFlow.js without weights, as files that a reader has chosen. */
const layersModel = (): readonly File[] => [new File([JSON.stringify({
  format: "layers-model", weightsManifest: [],
  modelTopology: { class_name: "Sequential", config: { name: "model", layers: [{ class_name: "Activation", config: { name: "relu", activation: "relu", batch_input_shape: [null, 2] } }] } },
})], "model.json")];

/** The folder that the tests run in, with images in the format of MNIST. */
function idxFolder(): string {
  writeFileSync("train-images-idx3-ubyte", Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9));
  writeFileSync("train-labels-idx1-ubyte", idx());
  return ".";
}

const smallGpt2 = (): GPT2LMHeadModel => new GPT2LMHeadModel({ vocabSize: 4, nPositions: 4, nEmbd: 2, nLayer: 1, nHead: 1 }).eval();

/** The folder that the tests run in, with a tokenizer. */
function tokenizerFolder(): string {
  writeFileSync("tokenizer.json", JSON.stringify(new BytePairEncoding([]).toTokenizerJson()));
  return ".";
}

/** A PNG file. */
const png = (): Uint8Array => encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(7) });

/** A folder with an image of a class. */
function imagesFolder(): string {
  mkdirSync("images/cat", { recursive: true });
  writeFileSync("images/cat/1.png", png());
  return "images";
}

/** A function of a module. */
const square = () => new ModuleBuilder().function({ name: "square", params: { x: "i32" }, result: "i32" }, (_, { x }) => i32.mul(x, x));

/** The body of a function of a module. */
function functionBody(): FunctionBuilder<"void"> {
  const bodies: FunctionBuilder<"void">[] = [];
  new ModuleBuilder({ memory: {} }).function({ name: "body" }, (b) => { bodies.push(b); });
  const [body] = bodies;
  if (body === undefined) throw new Error("no body was written");
  return body;
}

const pair = (): readonly [Tensor, Tensor] => [ramp([1, 1]), ramp([1, 1])];

/** Arguments for successful calls that no combination of plausible values produces. */
export const validCalls: Readonly<Record<string, () => readonly unknown[]>> = {
  conditional: () => [{ first: {}, second: {} }],
  composed: () => ["name", (x: unknown) => x],
  decodeImage: () => [png()],
  ImageDataset: () => [["a.png"], Int32Array.of(0)],
  imageFolder: () => [imagesFolder()],
  imageFormat: () => [png()],
  encodePng: () => [ramp([2, 2])],
  horizontalFlip: () => [ramp([1, 4, 4])],
  randomCrop: () => [ramp([1, 4, 4]), 2],
  randomHorizontalFlip: () => [ramp([1, 4, 4])],
  randomVerticalFlip: () => [ramp([1, 4, 4])],
  verticalFlip: () => [ramp([1, 4, 4])],
  centerCrop: () => [ramp([1, 4, 4]), 2],
  listImageFolder: () => [imagesFolder()],
  listImages: () => [join(imagesFolder(), "cat")],
  readImage: () => [file("a.png", png())],
  resize: () => [ramp([1, 4, 4]), 2],
  adjustBrightness: () => [ramp([1, 4, 4]), 2],
  adjustContrast: () => [ramp([1, 4, 4]), 2],
  adjustHue: () => [ramp([3, 4, 4]), 0.2],
  adjustSaturation: () => [ramp([3, 4, 4]), 2],
  affine: () => [ramp([1, 4, 4])],
  colorJitter: () => [ramp([3, 4, 4])],
  cutout: () => [ramp([1, 4, 4]), 2],
  gaussianBlur: () => [ramp([1, 4, 4]), 3, 1],
  grayscale: () => [ramp([3, 4, 4])],
  normalizeChannels: () => [ramp([1, 4, 4]), { mean: [0], std: [1] }],
  perspective: () => [ramp([1, 4, 4]), [[0, 0], [3, 0], [3, 3], [0, 3]]],
  randomAffine: () => [ramp([1, 4, 4])],
  randomErasing: () => [ramp([1, 4, 4])],
  randomGrayscale: () => [ramp([3, 4, 4])],
  randomPerspective: () => [ramp([1, 4, 4])],
  randomResizedCrop: () => [ramp([1, 4, 4]), 2],
  randomRotation: () => [ramp([1, 4, 4]), 10],
  rotate: () => [ramp([1, 4, 4]), 10],
  resizeShorter: () => [ramp([1, 4, 4]), 2],
  fromOnnx: () => [toOnnx((x) => x.neg(), { x: ramp([2]) })],
  loadOnnx: () => [file("model.onnx", toOnnx((x) => x.neg(), { x: ramp([2]) }))],
  quantize: () => [new Linear(2, 2).eval(), [ramp([3, 2])]],
  toBfloat16: () => [new Linear(2, 2).eval()],
  loadQuantized: () => [new Linear(2, 2).eval(), quantize(new Linear(2, 2).eval(), [ramp([3, 2])]).model.stateDict()],
  drawGraph: () => [explainGraph(({ x }) => x.exp(), { x: 1 })],
  explainGraph: () => [(inputs: Readonly<Record<string, Tensor>>) => (Object.values(inputs)[0] ?? tensor(NaN)).exp(), { x: 1 }],
  graphSteps: () => [explainGraph(({ x }) => x.exp(), { x: 1 })],
  // Another file than those of the other calls, which this process has locked.
  writeNpz: () => [{ weight: tensor([1]) }],
  saveShards: () => ["shards", { weight: tensor([1]) }],
  saveNpz: () => ["valid.npz", { weight: tensor([1]) }],
  buildModel: () => [describeModel(new Linear(1, 1), layerClasses), layerClasses],
  describeModel: () => [new Linear(1, 1), layerClasses],
  takeOptions: () => ["Squashed", {}, { features: 2 }, { features: "count" }],
  moduleClass: () => [Linear, () => [1, 1]],
  LayerGraph: () => [{ linear: new Linear(2, 2) }, 1, [{ layer: "linear", inputs: [0] }], [1]],
  loadLayersModel: () => [layersModel()],
  loadModel: () => [writeModel(new Linear(1, 1))],
  saveModel: () => [new Linear(1, 1), "model.safetensors"],
  writeModel: () => [new Linear(1, 1)],
  fetchBytes: () => ["data:,weights"],
  openCheckpoint: () => [writeSafetensors({ weight: tensor([1]) })],
  takeLock: () => ["takeLock", "valid.lock", "uses it"],
  gaussianProcessPredictions: () => [finishedStudy(), [{ x: 0.3 }]],
  parameterImportance: () => [finishedStudy()],
  studyReport: () => [finishedStudy()],
  createStudy: () => [{ space: { x: { type: "float", low: 0, high: 1, log: false } } }],
  DeepLabV3: () => [{ backbone: "resnet50" }],
  FCN: () => [{ backbone: "resnet50" }],
  ResNet: () => [{ block: "BasicBlock", layers: [1, 1, 1, 1] }],
  ResNetBackbone: () => [{ block: "BasicBlock", layers: [1, 1, 1, 1] }],
  ShuffleNetV2: () => [{ stagesRepeats: [1, 1, 1], stagesOutChannels: [4, 8, 8, 8, 8] }],
  SwinTransformer: () => [{ patchSize: [2, 2], embedDim: 4, depths: [1], numHeads: [2], windowSize: [2, 2] }],
  Checkpoint: () => [{ model: new Linear(1, 1) }],
  hasValidChecksum: () => [new Uint8Array(8)],
  checkpoints: () => [memoryStorage()],
  evaluate: () => [new Linear(1, 1), [pair()], { loss: mse }],
  evaluator: () => [new Linear(1, 1), [pair()], { loss: mse }],
  fit: () => {
    const model = new Linear(1, 1);
    return [{ model, loss: mse, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches: [pair()], epochs: 1 }];
  },
  averagedWeights: () => [new StochasticWeightAverage(new Linear(1, 1).parameters())],
  bagging: () => [[{ train: 1, validation: 2 }], () => new Linear(1, 1)],
  crossValidate: () => [[{ train: 1, validation: 2 }, { train: 2, validation: 1 }], () => ({ score: 1 })],
  ensemble: () => [[new Linear(1, 1)]],
  findLearningRate: () => [{ optimizer: new SGD(new Linear(1, 1).parameters(), { learningRate: 0.1 }), step: () => tensor(1), batches: [pair()] }],
  inspectModel: () => [new Linear(1, 1), mse, pair()],
  statistics: () => [{ model: new Linear(1, 1), loss: mse, batch: pair(), onInspection: () => {} }],
  plateau: () => [reduceOnPlateau(0.1)],
  predict: () => [new Linear(1, 1), [ramp([1, 1])]],
  trainStep: () => {
    const model = new Linear(1, 1);
    return [model, mse, new SGD(model.parameters(), { learningRate: 0.1 })];
  },
  Accumulator: () => [{ higherIsBetter: null, shapes: { total: [] }, statistics: (x: Tensor) => ({ total: x.sum() }), result: () => 0 }],
  bleuScore: () => [["a b c"], [["a b d"]]],
  classLabels: () => [items()],
  describeColumns: () => [table()],
  dropMissing: () => [table()],
  encodeCsv: () => [table()],
  expandDates: () => [table(), []],
  bootstrap: () => [items(), 2],
  calendarFeatures: () => [days(), "day", ["month"]],
  timeSplit: () => [days(), [1, 1], { time: "day" }],
  groupSplit: () => [items(), [1, 1], { groups: [0, 0, 1, 1] }],
  scaleColumns: () => [table(), ["x"], Standardizer.fit(ramp([2, 1]))],
  SeriesWindows: () => [table(), { inputs: ["x"], targets: ["x"], length: 1, horizon: 1 }],
  moduleDataset: () => ["file:///items.js", "items", items],
  kFold: () => [items(), 2],
  loadSafetensors: () => [file("a.safetensors", writeSafetensors({}))],
  missingCounts: () => [table()],
  parseIdx: () => [idx()],
  parseSafetensors: () => [writeSafetensors({})],
  planDates: () => [table()],
  datasetFolder: () => [fileURLToPath(new URL("../../packages/data/test/parquet/fixtures/folder", import.meta.url))],
  openParquet: () => [parquetBytes()],
  openParquetFile: () => [file("a.parquet", parquetBytes())],
  readParquet: () => [parquetBytes()],
  readParquetFile: () => [file("a.parquet", parquetBytes())],
  randomSplit: () => [items(), [2, 2]],
  readCsvFile: () => [file("a.csv", "x\n1\n")],
  readIdx: () => [idx()],
  readIdxFile: () => [file("a.idx", idx())],
  readIdxFolder: () => [idxFolder()],
  readJsonLinesFile: () => [file("a.jsonl", "1\n")],
  readNpy: () => [encodeNpy(ramp([2]))],
  readNpyFile: () => [file("a.npy", encodeNpy(ramp([2])))],
  readRecords: () => ['[{"x": 1}]'],
  readRecordsFile: () => [file("a.json", '[{"x": 1}]')],
  readSafetensors: () => [writeSafetensors({})],
  findRuns: () => ["."],
  removeStaleTemporaries: () => ["."],
  stratifiedKFold: () => [items(), 2],
  stratifiedSplit: () => [items(), [2, 2]],
  tableFromRecords: () => [[{ x: 1 }]],
  TensorDataset: () => [ramp([2, 3])],
  Tensor: () => [[2, 2], "float32", new Float32Array(4)],
  withInterpreter: () => [eagerInterpreter(), () => 2],
  Residual: () => [new Linear(2, 2)],
  Transformer: () => [8, 2, { encoderLayers: 1, decoderLayers: 1, feedForward: 4 }],
  TransformerDecoder: () => [[new TransformerDecoderLayer(4, 2, { feedForward: 4 })]],
  TransformerEncoder: () => [[new TransformerEncoderLayer(4, 2, { feedForward: 4 })]],
  Upsample: () => [{ scale: 2 }],
  cast: () => [ramp([2, 3]), "int32"],
  cholesky: () => [tensor([[2, 1], [1, 3]])],
  eigh: () => [tensor([[2, 1], [1, 3]])],
  eigvalsh: () => [tensor([[2, 1], [1, 3]])],
  GradientAccumulation: () => [new SGD([new Variable(ramp([2]))], { learningRate: 1 }), { every: 2 }],
  LookAhead: () => [new SGD([new Variable(ramp([2]))], { learningRate: 1 })],
  Optimizer: () => [sgd, [new Variable(ramp([2]))], { learningRate: 1, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, decoupledWeightDecay: false, maximize: false }],
  SharpnessAware: () => [new SGD([new Variable(ramp([2]))], { learningRate: 1 })],
  clamp: () => [ramp([2, 3]), 0, 1],
  convTranspose2d: () => [ramp([1, 4, 4, 4]), ramp([4, 2, 3, 3])],
  cosineEmbedding: () => [ramp([2, 3]), ramp([2, 3]), tensor([1, -1])],
  ctc: () => [ramp([4, 1, 3]), tensor([[1, 2]], { dtype: "int32" })],
  elasticNetPenalty: () => [[ramp([2])], { l1: 1 }],
  hingeEmbedding: () => [ramp([2]), tensor([1, -1])],
  marginRanking: () => [ramp([2]), ramp([2]), tensor([1, -1])],
  softMargin: () => [ramp([2]), tensor([1, -1])],
  einsum: () => ["ij,jk->ik", ramp([2, 3]), ramp([3, 3])],
  interpolate: () => [ramp([1, 4, 4, 4]), { size: 2 }],
  maxUnpool3d: () => [ramp([1, 1, 1, 1, 1]), ramp([1, 1, 1, 1, 1], "int32").mul(0), 2],
  onForward: () => [new Linear(2, 2), () => {}],
  removeReparametrization: () => [weightNorm(new Linear(2, 2))],
  spectralNorm: () => [new Linear(2, 2)],
  summary: () => [new Linear(2, 2), [1, 2]],
  weightNorm: () => [new Linear(2, 2)],
  call: () => [square(), { x: 1 }],
  defineBarrier: () => [new ModuleBuilder({ memory: { shared: true } }), { address: 64, callerMaySleep: true, timeout: 1000 }],
  emitMatmul: () => [functionBody(), { m: 1, n: 1, k: 1, a: { address: i32.const(0) }, b: { address: i32.const(0) }, c: { address: i32.const(0) }, fusedMultiplyAdd: false }],
  mergeInPairs: () => [functionBody(), i32.const(0), []],
  select: () => [1, i32.const(1), 2],
  tee: () => [functionBody().local("i32"), 2],
  ThreadPool: () => [new LinearMemory(), { threads: 1 }],
  findingsIn: () => [{ histograms: new Map(), scalars: new Map() }],
  decodeRecord: () => ['{"type":"text","step":0,"time":0,"name":"a","text":""}'],
  MessageSink: () => [{ postMessage: () => undefined }],
  Recorder: () => [[{ write: () => undefined }]],
  toRecord: () => [{ type: "text", step: 0, time: 0, name: "a", text: "" }],
  bertOptionsFromConfig: () => [{ vocab_size: 4, hidden_size: 2, num_hidden_layers: 1, num_attention_heads: 1, intermediate_size: 2, max_position_embeddings: 4 }, { ignore: ["a"] }],
  gpt2OptionsFromConfig: () => [{ vocab_size: 4, n_positions: 4, n_embd: 2, n_layer: 1, n_head: 1 }, { ignore: ["a"] }],
  llamaOptionsFromConfig: () => [{ vocab_size: 4, hidden_size: 2, intermediate_size: 2, num_hidden_layers: 1, num_attention_heads: 1 }, { ignore: ["a"] }],
  beamSearch: () => [smallGpt2(), [1], { beams: 1, maxNewTokens: 1 }],
  beamSearchBatch: () => [smallGpt2(), [[1], [1, 1]], { beams: 1, maxNewTokens: 1 }],
  BytePairEncoding: () => [[[97, 98]]],
  CharacterTokenizer: () => [new ByteTokenizer().vocabulary],
  CorpusWindows: () => [[1, 2, 3], { length: 1 }],
  DecodingSession: () => [smallGpt2(), { maxLength: 4 }],
  generate: () => [smallGpt2(), [1], { maxNewTokens: 1 }],
  generateBatch: () => [smallGpt2(), [[1], [1, 1]], { maxNewTokens: 1 }],
  Seq2SeqDecoder: () => [new Seq2SeqTransformer({ vocabSize: 4, dModel: 2, nhead: 1, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 2, maxPositions: 4 }).eval(), zeros([1, 2], { dtype: "int32" })],
  TiedLinear: () => [new Parameter(ramp([2, 3]))],
  decodeStream: () => [new ByteTokenizer(), [97]],
  loadTokenizer: () => [tokenizerFolder()],
  packSequences: () => [[[1]], { length: 2, padding: 0 }],
  padSequences: () => [[[1]], { padding: 0 }],
  PretrainedTokenizer: () => [new BytePairEncoding([]).toTokenizerJson()],
  streamWindows: () => [[[1, 2]], { length: 1 }],
  WordTokenizer: () => [new ByteTokenizer().vocabulary],
  oneCycleMomentum: () => [[0.85, 0.95], { steps: 10 }],
};
