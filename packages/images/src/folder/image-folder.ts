import { Dataset } from "@nn/data";
import { ArgumentError, Tensor } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { listAs, listImagesOptions, type ImageSplit, type ListImagesOptions } from "./list-images.js";
import { readAs, readImageOptions, requireReading, type ReadImageOptions } from "./read-image.js";

/** Options of {@link imageFolder}. */
export interface ImageFolderOptions extends Omit<ReadImageOptions, "name">, ListImagesOptions {}

const { name: _, ...readingOptions } = readImageOptions;

const imageFolderOptions: OptionKinds<ImageFolderOptions> = { ...readingOptions, ...listImagesOptions };

/** The splits of {@link imageFolder}, and the names of the classes. */
export interface ImageFolder {
  /** The names of the classes, in the order of their labels. */
  readonly classes: readonly string[];
  /** The images for training; all images of a folder without splits. */
  readonly train: ImageDataset;
  /** Undefined if there is no such folder. */
  readonly validation: ImageDataset | undefined;
  /** Undefined if there is no such folder. */
  readonly test: ImageDataset | undefined;
}

/**
 * A data set of image files with their classes: `[image, label]`, the image `[channels, height, width]`, the label an int32 scalar. An image is read and decoded
 * when it is asked for, so items are promises: iterate over a loader with `for await`.
 */
export class ImageDataset extends Dataset<Promise<readonly [image: Tensor, label: Tensor]>> {
  /** The path of each image. */
  readonly files: readonly string[];
  /** The class of each image, as its index; `stratifiedSplit` and samplers take them, so that no image is decoded for its label. */
  readonly labels: Int32Array;
  readonly #options: ReadImageOptions;

  /** @throws ArgumentError unless there are as many labels as files. */
  constructor(files: readonly string[], labels: Int32Array, options: Omit<ReadImageOptions, "name"> = {}) {
    super();
    requireOptions("ImageDataset", options, readingOptions);
    requireReading("ImageDataset", options);
    if (!Array.isArray(files) || !files.every((file) => typeof file === "string")) throw new ArgumentError(`ImageDataset: files are ${describeValue(files)}, expected a list of paths`);
    if (!(labels instanceof Int32Array) || labels.length !== files.length) {
      throw new ArgumentError(`ImageDataset: labels are ${describeValue(labels)}, expected an Int32Array of ${files.length}, one for each file`);
    }
    this.files = files;
    this.labels = labels;
    this.#options = options;
  }

  /** Number of images. */
  override get length(): number {
    return this.files.length;
  }

  /** The image at `index`, read now, and its class. */
  override async get(index: number): Promise<readonly [image: Tensor, label: Tensor]> {
    const [file, label] = [this.files[index], this.labels[index]];
    if (file === undefined || label === undefined) throw new ArgumentError(`ImageDataset.get: index ${index} is out of range; the data set has ${this.length} items`);
    return [await readAs("ImageDataset.get", file, this.#options), new Tensor([], "int32", Int32Array.of(label))];
  }
}

/**
 * A folder of images with a folder for each class, `cat/1.png`, as a data set; `train/cat/1.png` and `test/cat/1.png` if it has splits. Files end with `.png`, `.jpg`,
 * `.jpeg` or `.webp`. They are decoded when they are asked for. Give a `size` unless all images have the same.
 *
 * @example
 * ```ts no-run
 * import { DataLoader } from "@nn/data";
 * import { imageFolder } from "@nn/images";
 *
 * const { train, classes } = await imageFolder("pets", { size: 224 });
 * for await (const [images, labels] of new DataLoader(train, { batchSize: 32, shuffle: true })) {
 *   console.log(classes, images.shape, labels.shape);
 * }
 * ```
 * @throws FileError if a folder cannot be read.
 * @throws FormatError, naming the file or folder, if there are other files, no images, or classes that the training split lacks.
 */
export async function imageFolder(folder: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  requireOptions("imageFolder", options, imageFolderOptions);
  const { classes: wanted, ...reading } = options;
  requireReading("imageFolder", reading);
  const { classes, train, validation, test } = await listAs("imageFolder", folder, wanted === undefined ? {} : { classes: wanted });
  const dataset = ({ files, labels }: ImageSplit): ImageDataset => new ImageDataset(files, labels, reading);
  return { classes, train: dataset(train), validation: validation && dataset(validation), test: test && dataset(test) };
}
