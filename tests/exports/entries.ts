import * as autograd from "@nn/autograd";
import * as compiler from "@nn/compiler";
import * as dashboard from "@nn/dashboard";
import * as data from "@nn/data";
import * as parquet from "@nn/data/parquet";
import * as explain from "@nn/explain";
import * as figures from "@nn/figures";
import * as files from "@nn/files";
import * as images from "@nn/images";
import * as imagesBrowser from "@nn/images/browser";
import * as io from "@nn/io";
import * as ioBrowser from "@nn/io/browser";
import * as layers from "@nn/layers";
import * as linalg from "@nn/linalg";
import * as losses from "@nn/losses";
import * as metrics from "@nn/metrics";
import * as modelFiles from "@nn/model-files";
import * as tensorFlow from "@nn/model-files/tensorflow";
import * as models from "@nn/models";
import * as native from "@nn/native";
import * as onnx from "@nn/onnx";
import * as optim from "@nn/optim";
import * as quantize from "@nn/quantize";
import * as records from "@nn/records";
import * as recordFiles from "@nn/records/node";
import * as search from "@nn/search";
import * as searchNode from "@nn/search/node";
import * as searchBullmq from "@nn/search-bullmq";
import * as text from "@nn/text";
import * as train from "@nn/train";
import * as trainNode from "@nn/train/node";
import * as tensor from "@nn/tensor";
import * as extend from "@nn/tensor/extend";
import * as interpreter from "@nn/tensor/interpreter";
import * as wasm from "@nn/wasm";
import { withoutElements } from "../test/reference/models/without-elements.js";

/** The exports of a package's entry, and those that are not called with wrong arguments. */
export interface Entry {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Its API report; default: that of the package's main entry. */
  readonly report?: string;
  /** Exports that are left out, each with the reason. */
  readonly leftOut: Readonly<Record<string, string>>;
}

const ofMessages = "its other arguments are only words of an error message";
const privateConstructor = "it is made by fit and fromJSON, whose own tests call them with wrong arguments";
const typeOnly = "only its type is exported: the assembler makes it";
const perElement = "it is called for every element of an array";
const connects = "it connects to a Redis; its own tests call it with wrong arguments";
const inBrowsers = "it needs a browser; its tests there call it with wrong arguments";
const typeMadeByStudy = "only its type is exported: a study makes it for samplers";
const partOfModel = "only its type is exported: models with a head make it";
const ofInterpreters = "interpreters call it for every operation, with arguments that were checked";

/** The exports of a package whose models have up to hundreds of millions of parameters: they are made without elements. */
function frugal(exports: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const wrapped = (value: object): object => new Proxy(value, {
    apply: (target, self, given) => withoutElements(() => Reflect.apply(target as () => unknown, self, given) as unknown),
    construct: (target, given, made) => withoutElements(() => Reflect.construct(target as () => unknown, given, made) as object),
  });
  return Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? wrapped(value) : value]));
}

/** What generates text runs a model, which needs elements. */
const { beamSearch, beamSearchBatch, bertOptionsFromConfig, DecodingSession, generate, generateBatch, gpt2OptionsFromConfig, llamaOptionsFromConfig, Seq2SeqDecoder, ...architectures } = models;

/** The entries whose exports are called with wrong arguments, by the packages' names. */
export const entries = {
  autograd: { exports: autograd, leftOut: {} },
  compiler: { exports: compiler, leftOut: {} },
  dashboard: { exports: dashboard, leftOut: { serve: "it needs the built page; its own tests call it with wrong arguments" } },
  data: {
    exports: data,
    leftOut: {
      ModuleDataset: "moduleDataset makes it",
      downloadFile: "it waits for a server", mnist: "it downloads", fashionMnist: "it downloads", digits: "every call draws thousands of images",
      LabelEncoder: privateConstructor, MinMaxScaler: privateConstructor, OneHotEncoder: privateConstructor, Standardizer: privateConstructor, TableEncoder: privateConstructor,
    },
  },
  parquet: { exports: parquet, report: "data/etc/parquet.api.md", leftOut: { ParquetFile: "openParquet makes it; its own tests call its methods with wrong arguments", DatasetSplit: "datasetFolder makes it; its own tests call its methods with wrong arguments" } },
  explain: { exports: explain, leftOut: {} },
  files: {
    exports: files,
    leftOut: {
      float16ToNumber: perElement, numberToFloat16: perElement, fillFromLittleEndian: "readers of other packages call it with arrays that they have made", toLittleEndian: "writers of other packages call it with the elements of tensors",
      decodeNpy: "readers of other packages call it with bytes that they have checked", parseNpyHeader: "readers of other packages call it with bytes that they have checked",
    },
  },
  figures: { exports: figures, leftOut: { defineFigures: "it takes no arguments" } },
  images: { exports: images, leftOut: {} },
  imagesBrowser: { exports: imagesBrowser, report: "images/etc/browser.api.md", leftOut: { decodeBlob: inBrowsers, fromPixels: inBrowsers, toCanvas: inBrowsers } },
  io: { exports: io, leftOut: { CheckpointFile: "openCheckpoint makes it" } },
  ioBrowser: { exports: ioBrowser, report: "io/etc/browser.api.md", leftOut: { indexedDBCache: inBrowsers, indexedDBStorage: inBrowsers, opfsStorage: inBrowsers, webStorage: inBrowsers, offerDownload: inBrowsers } },
  layers: { exports: layers, leftOut: {} },
  linalg: { exports: linalg, leftOut: {} },
  losses: { exports: losses, leftOut: {} },
  metrics: { exports: metrics, leftOut: {} },
  tensorFlow: { exports: tensorFlow, report: "model-files/etc/tensorflow.api.md", leftOut: {} },
  modelFiles: { exports: modelFiles, report: "model-files/etc/model-files.api.md", leftOut: {} },
  models: {
    exports: { ...frugal(architectures), beamSearch, beamSearchBatch, bertOptionsFromConfig, DecodingSession, generate, generateBatch, gpt2OptionsFromConfig, llamaOptionsFromConfig, Seq2SeqDecoder },
    leftOut: { BertFeatures: partOfModel, PooledBert: partOfModel },
  },
  native: { exports: native, leftOut: {} },
  onnx: { exports: onnx, leftOut: { OnnxModule: "fromOnnx makes it; its own tests call its methods with wrong arguments" } },
  optim: { exports: optim, leftOut: {} },
  quantize: { exports: quantize, leftOut: {} },
  records: { exports: records, leftOut: {} },
  recordFiles: { exports: recordFiles, report: "records/etc/node.api.md", leftOut: {} },
  search: { exports: search, leftOut: { RandomStream: typeMadeByStudy, requireEvent: ofMessages } },
  searchBullmq: { exports: searchBullmq, report: "search-bullmq/etc/search-bullmq.api.md", leftOut: { TrialQueue: connects, TrialWorker: connects } },
  searchNode: { exports: searchNode, report: "search/etc/node.api.md", leftOut: {} },
  tensor: { exports: tensor, leftOut: {} },
  extend: {
    exports: extend,
    report: "tensor/etc/extend.api.md",
    leftOut: {
      allocate: ofInterpreters, apply: ofInterpreters, sizeOf: ofInterpreters, stridesOf: ofInterpreters, sameShape: ofInterpreters,
      roundToBfloat16: "it is called with arrays that were made for it",
      windowCount: ofInterpreters, isFloat: ofInterpreters, promote: ofInterpreters, promoteDTypes: ofInterpreters, toFloat: ofInterpreters, castTo: ofInterpreters, scalar: ofInterpreters,
      formatShape: ofMessages, requireTensor: ofMessages, requireDType: ofMessages, requireShape: ofMessages, asTensor: ofMessages,
      describeValue: ofMessages, didYouMean: ofMessages, escapeControls: ofMessages, quote: ofMessages, isArgumentKind: ofMessages, requireKind: ofMessages, requireOptions: ofMessages,
      refuseWhere: ofMessages, requireSynchronous: ofMessages, frozenIndices: "optimizers and gradients call it with variables that were checked", watchVariables: "modules call it around forward", inScope: "modules call it around forward", standardize: "normalisations call it with inputs that were checked", locationOf: ofInterpreters, locate: ofMessages, bindGradients: "it is gradientsOf without its checks",
    },
  },
  interpreter: {
    exports: interpreter,
    report: "tensor/etc/interpreter.api.md",
    leftOut: { broadcastStrides: ofInterpreters, noteWrite: ofInterpreters, indexFault: ofMessages },
  },
  text: { exports: text, leftOut: {} },
  train: { exports: train, leftOut: { Training: "fit makes it", Ensemble: "ensemble makes it" } },
  trainNode: { exports: trainNode, report: "train/etc/node.api.md", leftOut: {} },
  wasm: {
    exports: wasm,
    leftOut: {
      ByteWriter: typeOnly, CodeWriter: typeOnly, FunctionBuilder: typeOnly, FunctionHandle: typeOnly, Label: typeOnly, Local: typeOnly,
      MatmulKernels: "it is made by create",
    },
  },
} as const satisfies Readonly<Record<string, Entry>>;

/** The entries whose exports must all refuse wrong arguments by name. */
export const held: readonly EntryName[] = ["autograd", "compiler", "dashboard", "data", "parquet", "explain", "files", "images", "imagesBrowser", "io", "ioBrowser", "layers", "linalg", "losses", "metrics", "modelFiles", "tensorFlow", "models", "native", "onnx", "optim", "quantize", "recordFiles", "records", "search", "searchBullmq", "searchNode", "tensor", "extend", "interpreter", "text", "train", "trainNode", "wasm"];

/** The API report of an entry, below `packages/`. */
export function reportOf(name: EntryName): string {
  const { report }: Entry = entries[name];
  return report ?? `${name}/etc/${name}.api.md`;
}

/** An entry in the table. */
export type EntryName = keyof typeof entries;
