import { basename, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { TensorDataset, type LabelledDataset } from "@nn/data";
import { listImageFolder, type ImageSplit } from "@nn/images";
import { Tensor } from "@nn/tensor";
import { Failure } from "../../failure.js";
import { requireDataMemory } from "../../model/memory.js";
import { listed } from "../column-warnings.js";
import { Fingerprinter, type Fingerprint } from "../fingerprint.js";
import type { ImageForm } from "../input-form.js";
import type { ReadingListener } from "../raw-table.js";
import type { ImageSource } from "./image-data.js";
import { featuresOf, matrixOf, pixelsOf, readImageFile, type ImageSize } from "./image-file.js";

/** The splits of a folder, in the order in which they are read. */
const splitNames = ["train", "validation", "test"] as const;

/** The form and the classes that the images of a training have. */
export interface Fitted {
  readonly form: ImageForm;
  readonly classes: readonly string[];
}

/** How a folder of images is read. */
export interface ImageFolderOptions {
  /** The size that all images are given; undefined if they must have one already. */
  readonly size: ImageSize | undefined;
  readonly listener?: ReadingListener | undefined;
  /** Default: form and classes follow from the images. */
  readonly fitted?: Fitted | undefined;
}

/**
 * Reads the images of a folder with a folder for each class, `cat/1.png`, or for each split and class, `train/cat/1.png`. The classes
 * are in alphabetical order, numbers in that of their size.
 * @throws Failure, naming the file or folder, if one cannot be read or does not fit the others.
 */
export async function readImageFolder(folder: string, { size, listener, fitted }: ImageFolderOptions): Promise<ImageSource & { readonly source: Fingerprint }> {
  const listing = await listImageFolder(folder, fitted === undefined ? {} : { classes: fitted.classes });
  const { classes } = listing;
  if (fitted === undefined && classes.length < 2) throw new Failure(`${folder} has images of the class ${listed(classes)} only; a classifier needs at least two classes`);
  const print = new Fingerprinter();
  let bytes = 0;
  const read = async (path: string): Promise<Tensor> => readImageFile(path, size, (content) => {
    bytes += content.length;
    print.label(path.slice(folder.length));
    print.add(content);
    listener?.reading(folder, bytes, undefined);
  });
  const images = new Map<string, readonly Tensor[]>();
  for (const name of splitNames) images.set(name, await decoded(listing[name]?.files ?? [], read));
  const form = fitted?.form ?? formOf(images.get("train") ?? []);
  const datasetOf = (name: (typeof splitNames)[number], { files, labels }: ImageSplit): LabelledDataset => {
    const features = (images.get(name) ?? []).map((image, at) => featuresOf(files[at] ?? "", image, form, fitted === undefined ? "other images" : "model"));
    return new TensorDataset(matrixOf(features, pixelsOf(form)), new Tensor([labels.length], "int32", labels));
  };
  const { train, validation, test } = listing;
  return {
    train: datasetOf("train", train),
    validation: validation && datasetOf("validation", validation),
    test: test && datasetOf("test", test),
    classes, form, source: print.result,
  };
}

async function decoded(files: readonly string[], read: (path: string) => Promise<Tensor>): Promise<readonly Tensor[]> {
  const images: Tensor[] = [];
  for (const file of files) {
    const image = await read(file);
    const [first] = images;
    if (first === undefined) requireDataMemory(files.length, image.size, "Make them smaller with --image-size");
    images.push(image);
    await setImmediate();
  }
  return images;
}

/** The form of images: the size of the first one, and colour if one of them has it. */
function formOf(images: readonly Tensor[]): ImageForm {
  const [, height = 1, width = 1] = images[0]?.shape ?? [];
  return { kind: "image", height, width, channels: images.some(({ shape }) => shape[0] === 3) ? 3 : 1 };
}

/** The name of a folder of data. */
export function folderName(folder: string): string {
  return basename(resolve(folder));
}
