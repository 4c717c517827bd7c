import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LabelledDataset } from "@nn/data";
import { systemReason } from "@nn/files";
import { isImageName } from "@nn/images";
import { Failure, UsageFailure } from "../../failure.js";
import type { DataSettings } from "../data-settings.js";
import { combinedFingerprint, folderFingerprint, sameFingerprint, type Fingerprint } from "../fingerprint.js";
import type { LoadedData } from "../loaded-data.js";
import type { ReadingListener } from "../raw-table.js";
import { readIdxImages } from "./idx.js";
import { imageData, type ImageSource } from "./image-data.js";
import { imageSizeOf, requireForm } from "./image-file.js";
import { folderName, readImageFolder, type Fitted } from "./image-folder.js";

/**
 * Loads the images of a folder, and those of the folder with test data if there is one. Splits that they lack are held out from the
 * training images.
 * @throws Failure, FileError, FormatError, naming the file or folder, if one cannot be read or does not fit the others.
 */
export async function loadFolder(settings: DataSettings, listener?: ReadingListener): Promise<LoadedData> {
  const { data, testData } = settings;
  const images = await readFolder(data, settings, { listener });
  requireApplicable(images, settings);
  if (testData === null) return { ...imageData(folderName(data), images, settings), source: images.source };
  const { test, source } = await readTestFolder(testData, images, settings, listener);
  if (sameFingerprint(images.source, source)) throw new Failure(`--test-data ${testData} has the same images as --data ${data}; to hold a part out for the test, leave --test-data out`);
  return { ...imageData(folderName(data), { ...images, test }, settings), source: combinedFingerprint(images.source, source) };
}

/** How a folder of images is read. */
export interface FolderReading {
  readonly listener?: ReadingListener | undefined;
  /** The form and the classes of a trained model. Default: they follow from the images. */
  readonly fitted?: Fitted | undefined;
}

/** The images of a folder of IDX files, or of a folder with a folder for each class. */
export async function readFolder(folder: string, { imageSize }: Pick<DataSettings, "imageSize">, { listener, fitted }: FolderReading = {}): Promise<ImageSource & { readonly source: Fingerprint }> {
  const names = await readdir(folder);
  if (!names.some((name) => /idx\d-ubyte(\.gz)?$/.test(name)) && (await holdsFolders(folder, names))) {
    return readImageFolder(folder, { size: imageSizeOf(imageSize), listener, fitted });
  }
  if (imageSize !== null && fitted === undefined) throw new UsageFailure(`--image-size applies to folders of PNG and JPEG images only, but --data is ${folder}`);
  const isIdx = names.some((name) => /idx\d-ubyte(\.gz)?$/.test(name));
  const stray = isIdx ? undefined : names.find(isImageName);
  if (stray !== undefined) throw new Failure(`${join(folder, stray)} belongs to no class: put the images into a folder for each class, such as ${join(folder, "cat", stray)} and ${join(folder, "dog", "…")}`);
  if (!isIdx) throw new Failure(`${folder} holds no data: expected a folder of images for each class, such as ${join(folder, "cat", "1.png")}, or IDX files`);
  const images = await readIdxImages(folder);
  if (fitted !== undefined) requireForm(folder, images.form, fitted.form);
  if (fitted !== undefined && images.classes.length > fitted.classes.length) throw new Failure(`${folder} has labels up to ${images.classes.length - 1}, but the model has ${fitted.classes.length} classes`);
  return { ...images, source: await folderFingerprint(folder) };
}

/** Whether a folder holds folders, and so may hold classes of images. */
async function holdsFolders(folder: string, names: readonly string[]): Promise<boolean> {
  const kinds = await Promise.all(names.filter((name) => !name.startsWith(".")).map(async (name) => stat(join(folder, name)).then((status) => status.isDirectory(), () => false)));
  return kinds.includes(true);
}

/** @throws UsageFailure if a setting asks for a split that the folder has. */
function requireApplicable({ validation, test }: ImageSource, { data, testData, validationSplit }: DataSettings): void {
  if (testData !== null && test !== undefined) throw new UsageFailure(`--test-data does not apply to --data ${data}, which has its own test images`);
  if (validation !== undefined && validationSplit === 0) throw new UsageFailure(`--validation-split 0 does not apply to --data ${data}, which has its own validation images`);
}

async function readTestFolder(
  folder: string, { form, classes }: ImageSource, settings: DataSettings, listener: ReadingListener | undefined,
): Promise<{ readonly test: LabelledDataset; readonly source: Fingerprint }> {
  const status = await stat(folder).catch((cause: unknown) => {
    throw new Failure(`cannot read --test-data ${folder}: ${systemReason(cause)}`, { cause });
  });
  if (!status.isDirectory()) throw new UsageFailure(`--test-data ${folder} is a file, but --data ${settings.data} is a folder of images; name a folder as well`);
  const { train, validation, test, source } = await readFolder(folder, settings, { listener, fitted: { form, classes } });
  if (validation !== undefined || test !== undefined) throw new UsageFailure(`--test-data ${folder} has several splits; name the folder with the test images alone`);
  return { test: train, source };
}
