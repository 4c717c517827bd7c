import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DataLoader, stratifiedSplit } from "@nn/data";
import { encode } from "fast-png";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ImageDataset, imageFolder, listImageFolder, listImages, readImage, type ImageFolderOptions } from "../../src/index.js";

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "nn-images-"));
});
afterAll(() => rm(root, { recursive: true }));

const image = (value: number, width = 4, height = 3): Uint8Array => encode({ width, height, channels: 1, data: new Uint8Array(width * height).fill(value) });

async function folder(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name, path)), { recursive: true });
    await writeFile(join(root, name, path), content);
  }
  return join(root, name);
}

/** `count` images of each class, whose grey levels tell them apart. */
const pets = (count: number, prefix = ""): Record<string, Uint8Array> =>
  Object.fromEntries(["dog", "cat"].flatMap((name, label) => Array.from({ length: count }, (_, at) => [`${prefix}${name}/${at}.png`, image(100 * (1 - label) + at)])));

const complaint = async (step: Promise<unknown>): Promise<string> => step.then(() => "no error", (error: unknown) => String(error).replaceAll(root, "…"));

describe("a folder of images", () => {
  test("is a data set of images and labels, in the order of classes and names", async () => {
    const { classes, train, validation, test: held } = await imageFolder(await folder("pets", { ...pets(11), "cat/.DS_Store": image(1), "readme.txt": image(1) }), { channels: 1, dtype: "int32" });
    expect([classes, train.length, validation, held]).toEqual([["cat", "dog"], 22, undefined, undefined]);
    expect([...train.labels]).toEqual([...Array<number>(11).fill(0), ...Array<number>(11).fill(1)]);
    const [x, y] = await train.get(21);
    expect([x.shape, x.toTypedArray()[0], y.shape, y.item()]).toEqual([[1, 3, 4], 110, [], 1]);
    expect(train.files[10]).toBe(join(root, "pets", "cat", "10.png"));
  });

  test("gives batches through a loader, and splits without being decoded", async () => {
    const { train } = await imageFolder(await folder("loaded", pets(4)), { size: 2 });
    const shapes = [];
    for await (const [x, y] of new DataLoader(train, { batchSize: 5, shuffle: true, seed: 1 })) {
      shapes.push([x.shape, y.shape]);
      y.toTypedArray().forEach((label, at) => expect(Math.floor((x.slice([at, 0, 0, 0]).item() * 255) / 100 + 1e-4)).toBe(label));
    }
    expect(shapes).toEqual([[[5, 3, 2, 2], [5]], [[3, 3, 2, 2], [3]]]);
    const [first, second] = stratifiedSplit(train, [4, 4], { labels: train.labels, seed: 1 });
    expect([first.length, second.length]).toEqual([4, 4]);
  });

  test("may have splits, whose classes are those of the training", async () => {
    const path = await folder("splits", { ...pets(3, "train/"), ...pets(1, "val/"), "test/dog/1.png": image(7) });
    const { train, validation, test: held, classes } = await imageFolder(path);
    expect([train.length, validation?.length, held?.length, held?.labels, classes]).toEqual([6, 2, 1, Int32Array.of(1), ["cat", "dog"]]);
    expect((await imageFolder(path, { classes: ["cow", "dog", "cat"] })).train.labels).toEqual(Int32Array.of(2, 2, 2, 1, 1, 1));
  });

  test("orders numbers by size, and follows links", async () => {
    const path = await folder("numbers", Object.fromEntries(["10", "9", "2"].map((name) => [`${name}/1.png`, image(Number(name))])));
    await symlink(join(root, "pets", "cat"), join(path, "cat"));
    const { classes, train } = await listImageFolder(path);
    expect([classes, train.files.length]).toEqual([["2", "9", "10", "cat"], 14]);
  });

  test("that does not fit is refused with the name of the file or folder", async () => {
    const of = async (name: string, files: Record<string, Uint8Array>, options: ImageFolderOptions = {}): Promise<string> => complaint(imageFolder(await folder(name, files), options));
    expect([
      await of("loose", { ...pets(1), "a.png": image(1) }), await of("text", { ...pets(1), "cat/notes.txt": image(1) }), await of("deep", { ...pets(1), "cat/old/a.png": image(1) }),
      await of("mixed", { ...pets(1, "train/"), ...pets(1) }), await of("strange", { ...pets(1, "train/"), "test/cow/a.png": image(1) }), await of("twice", { ...pets(1, "train/"), ...pets(1, "training/") }),
      await of("empty", { "readme.txt": image(1) }), await complaint(imageFolder(join(root, "nothing"))), await of("unknown", pets(1), { classes: ["cat"] }),
      await complaint(listImages(root)), await complaint(listImages(join(root, "text", "cat"))),
    ]).toMatchInlineSnapshot(`
      [
        "FormatError: …/loose/a.png: the image belongs to no class; put it into the folder of its class, such as …/loose/cat/a.png",
        "FormatError: …/text/cat/notes.txt: this is no image: …/text/cat may hold only files that end with .png, .jpg, .jpeg, .webp",
        "FormatError: …/deep/cat/old: this is a folder: …/deep/cat may hold only files that end with .png, .jpg, .jpeg, .webp",
        "FormatError: …/mixed: there is the folder train of a split, and cat, dog, that are none; splits are train, training, validation, valid, val, test, testing",
        "FormatError: …/strange: there are images of cow, but the classes are cat, dog",
        "FormatError: …/twice: there are several folders for the split train: train, training; leave one",
        "FormatError: …/empty: there are no folders of classes with images, such as …/empty/cat/1.png",
        "FileError: imageFolder: cannot read "…/nothing": there is no such file or folder",
        "FormatError: …/unknown: there are images of dog, but the classes are cat",
        "FormatError: …/deep: this is a folder: … may hold only files that end with .png, .jpg, .jpeg, .webp",
        "FormatError: …/text/cat/notes.txt: this is no image: …/text/cat may hold only files that end with .png, .jpg, .jpeg, .webp",
      ]
    `);
  });

  test("names the file that cannot be read or decoded, when it is asked for", async () => {
    const path = await folder("broken", { "cat/1.png": Buffer.from("hello"), "cat/2.png": image(1).subarray(0, 40), "cat/3.png": image(1) });
    const { train } = await imageFolder(path, { decoder: "javascript" });
    await rm(join(path, "cat/3.png"));
    expect([await complaint(train.get(0)), await complaint(train.get(1)), await complaint(train.get(2)), await complaint(train.get(3))]).toMatchInlineSnapshot(`
      [
        "FormatError: …/broken/cat/1.png: this is no PNG, JPEG or WebP image, whatever its name says; convert or remove it",
        "FormatError: …/broken/cat/2.png: the image is damaged: it ends too early; save it again, or remove it",
        "FileError: ImageDataset.get: cannot read "…/broken/cat/3.png": there is no such file or folder",
        "ArgumentError: ImageDataset.get: index 3 is out of range; the data set has 3 items",
      ]
    `);
  });
});

describe("a size", () => {
  // Four columns: black, black, white, white, and two rows.
  const halves = encode({ width: 4, height: 2, channels: 1, data: Uint8Array.of(0, 0, 255, 255, 0, 0, 255, 255) });

  test("cuts off what does not fit, or changes the proportions", async () => {
    const path = join(await folder("halves", { "a.png": halves }), "a.png");
    const levels = async (options: Parameters<typeof readImage>[1]): Promise<unknown> => (await readImage(path, { channels: 1, dtype: "int32", ...options })).toArray();
    expect(await levels({ size: 2 })).toEqual([[[0, 255], [0, 255]]]);
    expect(await levels({ size: [1, 2], fit: "stretch" })).toEqual([[[36, 219]]]);
    expect(await levels({ size: [4, 1] })).toEqual([[[255], [255], [255], [255]]]);
    expect(await levels({})).toEqual([[[0, 0, 255, 255], [0, 0, 255, 255]]]);
  });

  test("must be one", async () => {
    const path = join(root, "halves", "a.png");
    expect([
      await complaint(readImage(path, { size: 0 })), await complaint(readImage(path, { size: [2, 2.5] })), await complaint(readImage(path, { fit: "cover" as "crop" })),
      await complaint(readImage(path, { background: [1, 2, 0] })), await complaint(imageFolder(root, { size: -1 })),
      await complaint(Promise.resolve().then(() => new ImageDataset(["a"], new Int32Array(2)))),
    ]).toMatchInlineSnapshot(`
      [
        "ArgumentError: readImage: size is 0, expected a positive whole number, or a height and a width such as [224, 224]",
        "ArgumentError: readImage: size is [2, 2.5], expected a positive whole number, or a height and a width such as [224, 224]",
        "ArgumentError: readImage: fit is the string "cover", expected "crop" or "stretch"",
        "ArgumentError: readImage: background is an array of 3, expected three numbers from 0 to 1, such as [1, 1, 1] for white",
        "ArgumentError: imageFolder: size is -1, expected a positive whole number, or a height and a width such as [224, 224]",
        "ArgumentError: ImageDataset: labels are a typed array of 2, expected an Int32Array of 1, one for each file",
      ]
    `);
  });
});
