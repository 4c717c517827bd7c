import type { Tensor } from "@nn/tensor";
import { FormatError, LabelEncoder, TableEncoder } from "@nn/data";
import { z } from "zod";
import { pixelsOf } from "../data/images/image-file.js";
import { fingerprintSchema, type Fingerprint } from "../data/fingerprint.js";
import { columnPlanSchema } from "../data/column-plan.js";
import type { InputForm } from "../data/input-form.js";
import { savedSettings, type ResolvedSettings } from "../settings/merge.js";
import { settings as allSettings } from "../settings/settings.js";
import { Failure, sentence } from "../failure.js";
import { damaged, parsed, requireFinite } from "../run/damage.js";
import { buildNetwork, type Architecture, type Network } from "./architecture.js";
import { parametersOf } from "./memory.js";

/** The result of a model on the test examples at the end of its run. */
export interface TestResult {
  readonly accuracy: number;
  readonly loss: number;
  readonly examples: number;
}

/** A trained network with everything needed to use it on raw input. */
export interface SavedModel {
  readonly architecture: Architecture;
  readonly classes: readonly string[];
  readonly input: InputForm;
  /** The settings of the run that trained it. */
  readonly settings: ResolvedSettings;
  /** The file or folder that it was trained on; null if the data are built in. */
  readonly source: Fingerprint | null;
  /** The epoch whose weights these are. */
  readonly epoch: number;
  /** Unknown before the end of the run. */
  readonly test: TestResult | null;
  readonly weights: Readonly<Record<string, Tensor>>;
}

/** The version of the metadata below. */
const version = "3";

/** The version of the same metadata without a checksum. */
const earlierVersion = "2";

/** The largest accepted count; a larger one is a sign of damage. */
const size = z.int().positive().max(2 ** 31 - 1);

const architectureSchema = z.object({
  features: size,
  classes: size.min(2),
  hidden: z.array(size),
  activation: z.enum(allSettings.activation.kind.words),
  dropout: z.number().min(0).lt(1),
  batchNorm: z.boolean(),
  // Models of earlier versions have one network.
  ensemble: z.int().min(1).max(100).default(1),
}) satisfies z.ZodType<Architecture>;

const inputSchema = z.discriminatedUnion("kind", [
  // Models of earlier versions have no channels: their images are grey.
  z.object({ kind: z.literal("image"), height: size, width: size, channels: z.union([z.literal(1), z.literal(3)]).default(1) }),
  z.object({
    kind: z.literal("table"), target: z.string(), missing: z.enum(["error", "drop", "mean"]), columns: z.array(columnPlanSchema),
    encoder: z.custom<ReturnType<TableEncoder["toJSON"]>>((value) => isState(() => TableEncoder.fromJSON(value))),
    labels: z.custom<ReturnType<LabelEncoder["toJSON"]>>((value) => isState(() => LabelEncoder.fromJSON(value))),
  }),
]) satisfies z.ZodType<InputForm>;

const testSchema = z.object({ accuracy: z.number().min(0).max(1), loss: z.number(), examples: z.int().positive() });

function isState(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** The metadata of the file; safetensors allows only strings. */
export function metadataOf({ architecture, classes, input, settings, source, epoch, test }: Omit<SavedModel, "weights">): Readonly<Record<string, string>> {
  const values = { architecture, classes, input, settings, source, epoch, test };
  return { producer: "nn-mlp", version, ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, JSON.stringify(value)])) };
}

/** Whether a file with such metadata has a checksum. @throws Failure if it is not a model of this program. */
export function hasChecksum(path: string, metadata: Readonly<Record<string, string>>): boolean {
  if (metadata.producer !== "nn-mlp") throw new Failure(`${path} was not written by nn-mlp: its metadata do not describe a network`);
  if (metadata.version === version) return true;
  if (metadata.version === earlierVersion) return false;
  throw new Failure(`${path} has version ${metadata.version ?? "?"} of the format; this program reads version ${version}`);
}

/**
 * Decodes a model from the content of its file.
 * @throws Failure if its parts are inconsistent.
 */
export function modelFrom(path: string, weights: Readonly<Record<string, Tensor>>, metadata: Readonly<Record<string, string>>): SavedModel {
  const model: SavedModel = {
    architecture: parsed(path, "architecture", metadata.architecture, architectureSchema),
    classes: parsed(path, "classes", metadata.classes, z.array(z.string())),
    input: parsed<InputForm>(path, "input", metadata.input, inputSchema),
    settings: settingsFrom(path, metadata.settings),
    source: parsed(path, "source", metadata.source, fingerprintSchema.nullable()),
    epoch: parsed(path, "epoch", metadata.epoch, z.int().nonnegative()),
    test: parsed(path, "test", metadata.test, testSchema.nullable()),
    weights,
  };
  requireFitting(path, model);
  return model;
}

function settingsFrom(path: string, text: string | undefined): ResolvedSettings {
  try {
    return savedSettings(text ?? "", path);
  } catch (cause) {
    throw damaged(path, `its metadata have no proper "settings"`, cause);
  }
}

/** Checks that the parts of a model are consistent, before anything is built from them. */
function requireFitting(path: string, { architecture, classes, input, weights }: SavedModel): void {
  if (classes.length !== architecture.classes) throw damaged(path, `it has ${classes.length} names of classes for ${architecture.classes} outputs`);
  if (new Set(classes).size !== classes.length) throw damaged(path, "two of its classes have one name");
  const features = input.kind === "image" ? pixelsOf(input) : TableEncoder.fromJSON(input.encoder).featureNames.length;
  if (features !== architecture.features) throw damaged(path, `its input gives ${features} features, its network takes ${architecture.features}`);
  if (input.kind === "table" && LabelEncoder.fromJSON(input.labels).classes.map(String).join("\n") !== classes.join("\n")) throw damaged(path, "its classes are not those of its labels");
  const held = Object.values(weights).reduce((sum, each) => sum + each.size, 0);
  if (parametersOf(architecture) > held) throw damaged(path, `its network has ${parametersOf(architecture)} parameters, but the file holds ${held} numbers`);
  for (const [name, tensor] of Object.entries(weights)) requireFinite(path, name, tensor);
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
    throw damaged(path, sentence(cause), cause);
  }
  network.eval();
  return network;
}
