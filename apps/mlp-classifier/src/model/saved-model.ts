import type { Tensor } from "@nn/tensor";
import { FormatError, LabelEncoder, TableEncoder } from "@nn/data";
import type { InputForm } from "../data/part.js";
import { completeSettings, mergeSettings, parseSettings, type ResolvedSettings } from "../settings/merge.js";
import { Failure, sentence } from "../failure.js";
import { buildNetwork, type Architecture, type Network } from "./architecture.js";

/** How a model did on the test part at the end of its run. */
export interface TestResult {
  readonly accuracy: number;
  readonly loss: number;
  readonly examples: number;
}

/** A trained network with all that is needed to use it on raw input. */
export interface SavedModel {
  readonly architecture: Architecture;
  readonly classes: readonly string[];
  readonly input: InputForm;
  /** The settings of the run that it comes from. */
  readonly settings: ResolvedSettings;
  /** The epoch whose weights these are. */
  readonly epoch: number;
  /** Unknown before the end of the run. */
  readonly test: TestResult | null;
  readonly weights: Readonly<Record<string, Tensor>>;
}

/** The version of the metadata below. */
const version = "1";

/** What goes into the metadata of the file; safetensors allows texts only. */
export function metadataOf({ architecture, classes, input, settings, epoch, test }: Omit<SavedModel, "weights">): Readonly<Record<string, string>> {
  const values = { architecture, classes, input, settings, epoch, test };
  return { producer: "nn-mlp", version, ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)])) };
}

/**
 * A model from the content of its file.
 * @throws Failure if the metadata are not those of a model of this program.
 */
export function modelFrom(path: string, weights: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>): SavedModel {
  if (metadata.producer !== "nn-mlp") throw new Failure(`${path} was not written by nn-mlp: its metadata do not say what network it is`);
  if (metadata.version !== version) throw new Failure(`${path} has version ${metadata.version ?? "?"} of the format, this program knows version ${version}`);
  const parts = new MetadataReader(path, metadata);
  return {
    architecture: parts.read("architecture", isArchitecture),
    classes: parts.read("classes", isTexts),
    input: parts.read("input", isInputForm),
    settings: completeSettings(mergeSettings(parseSettings(metadata.settings ?? "", path)), "image"),
    epoch: parts.read("epoch", (value): value is number => typeof value === "number"),
    test: parts.read("test", isTestResult),
    weights,
  };
}

/**
 * The network of a model, ready to predict.
 * @throws Failure if the weights do not fit the architecture.
 */
export function networkOf(path: string, { architecture, weights }: SavedModel): Network {
  const network = buildNetwork(architecture);
  try {
    network.loadStateDict(weights);
  } catch (cause) {
    throw new Failure(`${path} is damaged: ${sentence(cause)}`, { cause });
  }
  network.eval();
  return network;
}

class MetadataReader {
  readonly #path: string;
  readonly #metadata: Readonly<Record<string, string>>;

  constructor(path: string, metadata: Readonly<Record<string, string>>) {
    this.#path = path;
    this.#metadata = metadata;
  }

  read<T>(key: string, accept: (value: unknown) => value is T): T {
    const value = parse(this.#metadata[key]);
    if (accept(value)) return value;
    throw new Failure(`${this.#path} is damaged: its metadata have no proper "${key}"`);
  }
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isArchitecture(value: unknown): value is Architecture {
  const { features, classes, hidden, activation, dropout, batchNorm } = fieldsOf(value);
  return typeof features === "number" && typeof classes === "number" && Array.isArray(hidden) && typeof activation === "string" &&
    typeof dropout === "number" && typeof batchNorm === "boolean";
}

function isInputForm(value: unknown): value is InputForm {
  const { kind, height, width, target, encoder, labels } = fieldsOf(value);
  if (kind === "image") return typeof height === "number" && typeof width === "number";
  return kind === "table" && typeof target === "string" && isFitted(encoder, labels);
}

function isFitted(encoder: unknown, labels: unknown): boolean {
  try {
    TableEncoder.fromJSON(encoder);
    LabelEncoder.fromJSON(labels);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function isTestResult(value: unknown): value is TestResult | null {
  const { accuracy, loss, examples } = fieldsOf(value);
  return value === null || (typeof accuracy === "number" && typeof loss === "number" && typeof examples === "number");
}
