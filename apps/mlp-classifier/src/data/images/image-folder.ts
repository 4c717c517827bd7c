import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { TensorDataset, type LabelledDataset } from "@nn/data";
import { systemReason } from "@nn/files";
import { Tensor } from "@nn/tensor";
import { Failure } from "../../failure.js";
import { requireDataMemory } from "../../model/memory.js";
import { listed } from "../column-warnings.js";
import { Fingerprinter, type Fingerprint } from "../fingerprint.js";
import type { ImageForm } from "../input-form.js";
import type { ReadingListener } from "../raw-table.js";
import type { DecodedImage } from "./decoded-image.js";
import type { ImageSource } from "./image-data.js";
import { featuresOf, isImageName, matrixOf, pixelsOf, readImageFile, type ImageSize } from "./image-file.js";

/** The folders of splits, by the names that they may have. */
const splitFolders = { train: ["train", "training"], validation: ["validation", "valid", "val"], test: ["test", "testing"] } as const;

type SplitName = keyof typeof splitFolders;

/** The paths of the images of a split, and the class of each. */
interface Listing {
  readonly paths: readonly string[];
  readonly classes: readonly string[];
}

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

/** Whether a folder holds folders, and so may hold classes of images. */
export async function holdsFolders(folder: string): Promise<boolean> {
  return (await entriesOf(folder)).some((entry) => entry.isFolder);
}

/**
 * Reads the images of a folder with a folder for each class, `cat/1.png`, or for each split and class, `train/cat/1.png`. The classes
 * are in alphabetical order, numbers in that of their size.
 * @throws Failure, naming the file or folder, if one cannot be read or does not fit the others.
 */
export async function readImageFolder(folder: string, { size, listener, fitted }: ImageFolderOptions): Promise<ImageSource & { readonly source: Fingerprint }> {
  const listings = await listSplits(folder);
  const { train } = listings;
  const classes = fitted?.classes ?? [...new Set(train.classes)].toSorted(byName);
  if (fitted === undefined && classes.length < 2) throw new Failure(`${folder} has images of the class ${listed(classes)} only; a classifier needs at least two classes`);
  const print = new Fingerprinter();
  let bytes = 0;
  const read = async (path: string): Promise<DecodedImage> => readImageFile(path, size, (content) => {
    bytes += content.length;
    print.label(path.slice(folder.length));
    print.add(content);
    listener?.reading(folder, bytes, undefined);
  });
  const images = new Map<SplitName, readonly DecodedImage[]>();
  for (const [name, listing] of Object.entries(listings) as [SplitName, Listing][]) images.set(name, await decoded(listing, read));
  const form = fitted?.form ?? formOf(images.get("train") ?? []);
  const datasetOf = (name: SplitName, { paths, classes: names }: Listing): LabelledDataset => {
    const strange = [...new Set(names)].filter((each) => !classes.includes(each));
    if (strange.length > 0) throw new Failure(`${folder} has images of ${listed(strange)}, but the classes of the training are ${listed(classes)}`);
    const features = (images.get(name) ?? []).map((image, at) => featuresOf(paths[at] ?? "", image, form, fitted === undefined ? "other images" : "model"));
    return labelledRows(features, form, Int32Array.from(names, (each) => classes.indexOf(each)));
  };
  const { validation, test } = listings;
  return {
    train: datasetOf("train", train),
    validation: validation === undefined ? undefined : datasetOf("validation", validation),
    test: test === undefined ? undefined : datasetOf("test", test),
    classes, form, source: print.result,
  };
}

async function decoded({ paths }: Listing, read: (path: string) => Promise<DecodedImage>): Promise<readonly DecodedImage[]> {
  const images: DecodedImage[] = [];
  for (const path of paths) {
    const image = await read(path);
    const [first] = images;
    if (first === undefined) requireDataMemory(paths.length, image.samples.length, "Make them smaller with --image-size");
    images.push(image);
    await setImmediate();
  }
  return images;
}

/** The form of images: the size of the first one, and colour if one of them has it. */
function formOf(images: readonly DecodedImage[]): ImageForm {
  const { height = 1, width = 1 } = images[0] ?? {};
  return { kind: "image", height, width, channels: images.some(({ channels }) => channels === 3) ? 3 : 1 };
}

function labelledRows(features: readonly Float32Array[], form: ImageForm, labels: Int32Array): LabelledDataset {
  const width = pixelsOf(form);
  return new TensorDataset(matrixOf(features, width), new Tensor([labels.length], "int32", labels));
}

/** The images of each split. Without folders of splits, all belong to the training. */
async function listSplits(folder: string): Promise<{ readonly train: Listing } & Partial<Record<SplitName, Listing>>> {
  const entries = await entriesOf(folder);
  const stray = entries.find((entry) => !entry.isFolder && isImageName(entry.name));
  if (stray !== undefined) throw new Failure(`${join(folder, stray.name)} belongs to no class: put it into the folder of its class, such as ${join(folder, "cat", stray.name)}`);
  const folders = entries.filter((entry) => entry.isFolder).map(({ name }) => name);
  const folderOf = (split: SplitName): string | undefined => {
    const found = folders.filter((name) => splitFolders[split].some((each) => each === name.toLowerCase()));
    if (found.length > 1) throw new Failure(`${folder} has several folders for the split ${split}: ${listed(found)}; leave one`);
    return found[0];
  };
  const [train, validation, test] = [folderOf("train"), folderOf("validation"), folderOf("test")];
  if (train === undefined) return { train: await listClasses(folder, folders) };
  const others = folders.filter((name) => ![train, validation, test].includes(name));
  if (others.length > 0) throw new Failure(`${folder} has the folder ${train} of a split, and ${listed(others)}, that ${others.length === 1 ? "is none" : "are none"}; splits are ${listed(Object.values(splitFolders).flat())}`);
  const within = async (split: string): Promise<Listing> => listClasses(join(folder, split), (await entriesOf(join(folder, split))).filter((entry) => entry.isFolder).map(({ name }) => name));
  return {
    train: await within(train),
    ...(validation === undefined ? {} : { validation: await within(validation) }),
    ...(test === undefined ? {} : { test: await within(test) }),
  };
}

/** The images in the folders of classes. */
async function listClasses(folder: string, classes: readonly string[]): Promise<Listing> {
  const listing = { paths: [] as string[], classes: [] as string[] };
  for (const name of classes.toSorted(byName)) {
    const images = await imageNamesIn(join(folder, name));
    listing.paths.push(...images.map((image) => join(folder, name, image)));
    listing.classes.push(...images.map(() => name));
  }
  if (listing.paths.length === 0) throw new Failure(`${folder} has no folders of classes with images, such as ${join(folder, "cat", "1.png")}`);
  return listing;
}

/** The names of the images in a folder, in order. @throws Failure if it holds anything else, or nothing. */
export async function imageNamesIn(folder: string): Promise<readonly string[]> {
  const entries = await entriesOf(folder);
  const wrong = entries.find((entry) => entry.isFolder || !isImageName(entry.name));
  if (wrong !== undefined) throw new Failure(`${join(folder, wrong.name)} is ${wrong.isFolder ? "a folder" : "no image"}: ${folder} may hold only files that end with .png, .jpg or .jpeg`);
  if (entries.length === 0) throw new Failure(`${folder} holds no images: expected files that end with .png, .jpg or .jpeg`);
  return entries.map(({ name }) => name).toSorted(byName);
}

/** Files that systems leave in folders. */
const leftByTheSystem: ReadonlySet<string> = new Set(["thumbs.db", "desktop.ini"]);

async function entriesOf(folder: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new Failure(`cannot read ${folder}: ${systemReason(cause)}`, { cause });
  });
  const shown = entries.filter(({ name }) => !name.startsWith(".") && !leftByTheSystem.has(name.toLowerCase()));
  return Promise.all(shown.map(async (entry) => {
    const isFolder = entry.isSymbolicLink() ? (await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory() === true : entry.isDirectory();
    return { name: entry.name, isFolder };
  }));
}

/** Alphabetical order, the same on every system; whole numbers in the order of their size. */
function byName(a: string, b: string): number {
  const [x, y] = [/^\d{1,15}/.exec(a)?.[0], /^\d{1,15}/.exec(b)?.[0]];
  const difference = x === undefined || y === undefined ? 0 : Number(x) - Number(y);
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}

/** The name of a folder of data. */
export function folderName(folder: string): string {
  return basename(resolve(folder));
}
