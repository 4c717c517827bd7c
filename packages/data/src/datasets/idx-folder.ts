import { escapeControls, formatShape, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { builtin } from "@nn/files/builtin";
import { FileError } from "@nn/files";
import { fileChunks } from "../files/read-file.js";
import { FormatError } from "../format-error.js";
import { parseIdx, type IdxArray } from "../readers/idx.js";
import { readBytes, reading } from "../readers/input.js";
import { labelled, type LabelledDataset } from "./labelled.js";

/** Options of the image data sets in the IDX format. */
export interface ImageOptions {
  /** Whether an image is one row of pixels, or `[channels, height, width]`. Default true. */
  readonly flatten?: boolean;
}

/** The kinds of {@link ImageOptions}. */
export const imageOptions: OptionKinds<ImageOptions> = { flatten: "boolean" };

/** The splits that a folder holds; one of them may be absent. */
export interface IdxFolder {
  readonly train: LabelledDataset | undefined;
  readonly test: LabelledDataset | undefined;
  /** "0", "1", … up to the largest label. */
  readonly classes: readonly string[];
}

/** The file names of MNIST and of data sets modelled on it. */
const prefixes = { train: "train", test: "t10k" } as const;

/**
 * Reads a folder of IDX files with the names of MNIST: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and `t10k-…` for the
 * test split, each plain or with `.gz` (also with a dot, `train-images.idx3-ubyte`). Grey levels from 0 to 255 become 0 to 1. A missing
 * split is undefined; split a folder with one split by `stratifiedSplit`.
 * @throws FileError if a file cannot be read.
 * @throws FormatError if both splits are missing, images lack their labels, or a file is invalid.
 */
export async function readIdxFolder(folder: string, options: ImageOptions = {}): Promise<IdxFolder> {
  requireOptions("readIdxFolder", options, imageOptions);
  requireKind("readIdxFolder", "folder", folder, "string");
  const { flatten = true } = options;
  const names = await namesIn(folder);
  const train = await readPart(folder, names, prefixes.train, flatten);
  const test = await readPart(folder, names, prefixes.test, flatten);
  if (train === undefined && test === undefined) {
    const found = names.length === 0 ? "it is empty" : `it holds ${names.slice(0, 8).map(escapeControls).join(", ")}${names.length > 8 ? ", …" : ""}`;
    throw new FormatError(folder, `expected IDX files such as train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz in the folder, but ${found}`);
  }
  let largest = -1;
  for (const part of [train, test]) for (const label of part?.tensors[1].data("readIdxFolder") ?? []) largest = Math.max(largest, label);
  return { train, test, classes: Array.from({ length: largest + 1 }, (_, label) => String(label)) };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await builtin("readIdxFolder", "node:fs/promises").readdir(folder)).toSorted();
  } catch (cause) {
    throw new FileError("readIdxFolder", "read", folder, cause);
  }
}

async function readPart(folder: string, names: readonly string[], prefix: string, flatten: boolean): Promise<LabelledDataset | undefined> {
  const images = findFile(names, `${prefix}-images`, "idx3-ubyte");
  const labels = findFile(names, `${prefix}-labels`, "idx1-ubyte");
  if (images === undefined && labels === undefined) return undefined;
  if (images === undefined || labels === undefined) {
    const missing = images === undefined ? `${prefix}-images-idx3-ubyte` : `${prefix}-labels-idx1-ubyte`;
    throw new FormatError(folder, `the folder holds ${String(images ?? labels)}, but not ${missing}, plain or with .gz`);
  }
  const { join } = builtin("readIdxFolder", "node:path");
  return readLabelledImages(join(folder, images), join(folder, labels), flatten);
}

function findFile(names: readonly string[], stem: string, type: string): string | undefined {
  return names.find((name) => [`${stem}-${type}`, `${stem}.${type}`].includes(name.replace(/\.gz$/, "")));
}

/** Images and their labels from two IDX files. */
export async function readLabelledImages(imagesPath: string, labelsPath: string, flatten: boolean): Promise<LabelledDataset> {
  const images = await readArray(imagesPath);
  const labels = await readArray(labelsPath);
  const [count = 0, ...size] = images.shape;
  if (images.type !== "uint8" || (size.length !== 2 && size.length !== 3)) {
    throw new FormatError(imagesPath, `the file holds ${images.type} ${formatShape(images.shape)}, expected images: uint8 [count, height, width]`);
  }
  if (labels.type !== "uint8" || labels.shape.length !== 1) {
    throw new FormatError(labelsPath, `the file holds ${labels.type} ${formatShape(labels.shape)}, expected labels: uint8 [count]`);
  }
  if (labels.values.length !== count) {
    throw new FormatError(labelsPath, `the file holds ${labels.values.length} labels, expected ${count}, one for each image of ${imagesPath}`);
  }
  const pixels = size.reduce((product, length) => product * length, 1);
  const x = new Float32Array(images.values.length);
  for (let at = 0; at < x.length; at++) x[at] = (images.values[at] as number) / 255;
  return labelled(x, Int32Array.from(labels.values), flatten ? [pixels] : size.length === 2 ? [1, ...size] : size);
}

async function readArray(path: string): Promise<IdxArray> {
  return parseIdx(await readBytes(fileChunks(path, "readIdxFolder"), reading("readIdxFolder", new Uint8Array(0), { name: path })), path);
}
