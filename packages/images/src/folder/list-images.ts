import { FormatError } from "@nn/data";
import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";

/** The images of a split, in the order of their classes and names. */
export interface ImageSplit {
  /** The path of each image. */
  readonly files: readonly string[];
  /** The class of each image, as its index. */
  readonly labels: Int32Array;
}

/** The images of a folder. */
export interface ListedImages {
  /** The names of the classes, in alphabetical order; names that begin with a number, by that number. */
  readonly classes: readonly string[];
  /** The images for training; all images of a folder without splits. */
  readonly train: ImageSplit;
  /** Undefined if there is no such folder. */
  readonly validation: ImageSplit | undefined;
  /** Undefined if there is no such folder. */
  readonly test: ImageSplit | undefined;
}

/** Options of {@link listImageFolder}. */
export interface ListImagesOptions {
  /** The classes, such as those of a trained model. Default: the folders of the training split. */
  readonly classes?: readonly string[];
}

/** The kinds of {@link ListImagesOptions}. */
export const listImagesOptions: OptionKinds<ListImagesOptions> = { classes: "any" };

/** The folders of splits, by the names that they may have. */
const splitFolders = { train: ["train", "training"], validation: ["validation", "valid", "val"], test: ["test", "testing"] } as const;

/** The images of a split, and the name of the class of each. */
interface Labelled {
  readonly files: readonly string[];
  readonly names: readonly string[];
}

/**
 * Lists the images of a folder without decoding them: `<class>/*.png`, `.jpg`, `.jpeg` or `.webp`, or the same in folders of splits (`train`, `validation` or `val`,
 * `test`). Hidden files are passed over.
 * @throws FileError if a folder cannot be read.
 * @throws FormatError, naming the file or folder, if there are other files, no images, or images of unknown classes.
 */
export async function listImageFolder(folder: string, options: ListImagesOptions = {}): Promise<ListedImages> {
  requireOptions("listImageFolder", options, listImagesOptions);
  return listAs("listImageFolder", folder, options);
}

/** {@link listImageFolder} with the name of another function in its errors. */
export async function listAs(operation: string, folder: string, options: ListImagesOptions): Promise<ListedImages> {
  requireKind(operation, "the folder", folder, "string");
  requireClasses(operation, options.classes);
  const { train, validation, test } = await splitsOf(operation, folder);
  const classes = options.classes ?? [...new Set(train.names)].toSorted(byName);
  const split = ({ files, names }: Labelled): ImageSplit => {
    const strange = [...new Set(names)].filter((name) => !classes.includes(name));
    if (strange.length > 0) throw new FormatError(folder, `there are images of ${listed(strange)}, but the classes are ${listed(classes)}`);
    return { files, labels: Int32Array.from(names, (name) => classes.indexOf(name)) };
  };
  return { classes, train: split(train), validation: validation && split(validation), test: test && split(test) };
}

function requireClasses(operation: string, classes: unknown): void {
  if (classes === undefined || (Array.isArray(classes) && classes.every((name) => typeof name === "string") && new Set(classes).size === classes.length)) return;
  throw new ArgumentError(`${operation}: classes are ${describeValue(classes)}, expected a list of different names`);
}

/** The images of each split. Without folders of splits, all belong to the training. */
async function splitsOf(operation: string, folder: string): Promise<{ readonly train: Labelled; readonly validation: Labelled | undefined; readonly test: Labelled | undefined }> {
  const entries = await entriesOf(operation, folder);
  const { join } = builtin(operation, "node:path");
  const stray = entries.find((entry) => !entry.isFolder && isImageName(entry.name));
  if (stray !== undefined) throw new FormatError(join(folder, stray.name), "the image belongs to no class", {}, { fix: `put it into the folder of its class, such as ${join(folder, "cat", stray.name)}` });
  const folders = entries.filter((entry) => entry.isFolder).map(({ name }) => name);
  const folderOf = (split: keyof typeof splitFolders): string | undefined => {
    const found = folders.filter((name) => splitFolders[split].some((each) => each === name.toLowerCase()));
    if (found.length > 1) throw new FormatError(folder, `there are several folders for the split ${split}: ${listed(found)}`, {}, { fix: "leave one" });
    return found[0];
  };
  const [train, validation, test] = [folderOf("train"), folderOf("validation"), folderOf("test")];
  if (train === undefined) return { train: await classesIn(operation, folder, folders), validation: undefined, test: undefined };
  const others = folders.filter((name) => ![train, validation, test].includes(name));
  if (others.length > 0) {
    throw new FormatError(folder, `there is the folder ${train} of a split, and ${listed(others)}, that ${others.length === 1 ? "is none" : "are none"}; splits are ${listed(Object.values(splitFolders).flat())}`);
  }
  const within = async (split: string): Promise<Labelled> => {
    const path = join(folder, split);
    return classesIn(operation, path, (await entriesOf(operation, path)).filter((entry) => entry.isFolder).map(({ name }) => name));
  };
  return { train: await within(train), validation: validation === undefined ? undefined : await within(validation), test: test === undefined ? undefined : await within(test) };
}

/** The images in the folders of classes. */
async function classesIn(operation: string, folder: string, classes: readonly string[]): Promise<Labelled> {
  const { join } = builtin(operation, "node:path");
  const found = { files: [] as string[], names: [] as string[] };
  for (const name of classes.toSorted(byName)) {
    const images = await imagesIn(operation, join(folder, name));
    found.files.push(...images.map((image) => join(folder, name, image)));
    found.names.push(...images.map(() => name));
  }
  if (found.files.length === 0) throw new FormatError(folder, `there are no folders of classes with images, such as ${join(folder, "cat", "1.png")}`);
  return found;
}

/**
 * The names of the images in a folder without classes, in alphabetical order; those that begin with a number, by that number.
 * @throws FileError if the folder cannot be read.
 * @throws FormatError if it holds anything else, or nothing.
 */
export async function listImages(folder: string): Promise<readonly string[]> {
  requireKind("listImages", "the folder", folder, "string");
  return imagesIn("listImages", folder);
}

async function imagesIn(operation: string, folder: string): Promise<readonly string[]> {
  const entries = await entriesOf(operation, folder);
  const { join } = builtin(operation, "node:path");
  const wrong = entries.find((entry) => entry.isFolder || !isImageName(entry.name));
  if (wrong !== undefined) throw new FormatError(join(folder, wrong.name), `this is ${wrong.isFolder ? "a folder" : "no image"}: ${folder} may hold only files that end with ${listed(extensions)}`);
  if (entries.length === 0) throw new FormatError(folder, `there are no images: expected files that end with ${listed(extensions)}`);
  return entries.map(({ name }) => name).toSorted(byName);
}

const extensions = [".png", ".jpg", ".jpeg", ".webp"] as const;

/** Whether a name ends like that of an image file: `.png`, `.jpg`, `.jpeg` or `.webp`. */
export function isImageName(name: string): boolean {
  requireKind("isImageName", "the name", name, "string");
  return extensions.some((extension) => name.toLowerCase().endsWith(extension));
}

/** Files that systems leave in folders. */
const leftByTheSystem: ReadonlySet<string> = new Set(["thumbs.db", "desktop.ini"]);

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

async function entriesOf(operation: string, folder: string): Promise<readonly Entry[]> {
  const { readdir, stat } = builtin(operation, "node:fs/promises");
  const { join } = builtin(operation, "node:path");
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new FileError(operation, "read", folder, cause);
  });
  const shown = entries.filter(({ name }) => !name.startsWith(".") && !leftByTheSystem.has(name.toLowerCase()));
  return Promise.all(shown.map(async (entry) => {
    const isFolder = entry.isSymbolicLink() ? (await stat(join(folder, entry.name)).catch(() => undefined))?.isDirectory() === true : entry.isDirectory();
    return { name: entry.name, isFolder };
  }));
}

/** Alphabetical order, the same on every system. Names that begin with a whole number are ordered by it first. */
function byName(a: string, b: string): number {
  const [x, y] = [/^\d{1,15}/.exec(a)?.[0], /^\d{1,15}/.exec(b)?.[0]];
  const difference = x === undefined || y === undefined ? 0 : Number(x) - Number(y);
  return difference !== 0 ? difference : a < b ? -1 : a > b ? 1 : 0;
}

function listed(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(", ")}, … ${names.length} in all` : names.join(", ");
}
