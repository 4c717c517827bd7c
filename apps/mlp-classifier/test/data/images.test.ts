import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { imageOf } from "../../src/data/images/image-file.js";
import { readUnlabelledImages } from "../../src/data/images/unlabelled.js";
import { loadData } from "../../src/data/load.js";
import type { LoadedData, Split } from "../../src/data/loaded-data.js";
import { mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();

const load = (settings: PartialSettings): Promise<LoadedData> => loadData(mergeSettings(settings));
const complaint = async (step: Promise<unknown>): Promise<string> => step.then(() => "no error", (error: unknown) => String(error).replaceAll(root, "…"));
const labelsOf = (split: Split | undefined): number[] => Array.from({ length: split?.length ?? 0 }, (_, at) => split?.get(at)[1].item() as number);

const png = (width: number, height: number, channels: number, data: readonly number[]): Uint8Array => encode({ width, height, channels, data: Uint8Array.from(data) });
const grey = (value: number): Uint8Array => png(2, 3, 1, Array<number>(6).fill(value));
const colour = (value: number): Uint8Array => png(2, 3, 3, Array.from({ length: 18 }, (_, at) => (at % 3 === 0 ? value : 10)));

async function folder(name: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name, path)), { recursive: true });
    await writeFile(join(root, name, path), content);
  }
  return join(root, name);
}

/** `count` images of each class, whose grey levels tell them apart. */
const pets = (count: number, prefix = "", image = grey): Record<string, Uint8Array> =>
  Object.fromEntries(["cat", "dog"].flatMap((name, label) => Array.from({ length: count }, (_, at) => [`${prefix}${name}/${at}.png`, image(100 * label + at)])));

describe("an image file", () => {
  test("whose three channels are equal is grey", async () => {
    expect((await imageOf("x.png", png(2, 1, 3, [5, 5, 5, 80, 80, 80]), undefined)).toArray()).toEqual([[[5 / 255, 80 / 255].map(Math.fround)]]);
    expect((await imageOf("x.png", png(1, 1, 3, [5, 5, 6]), undefined)).shape).toEqual([3, 1, 1]);
  });

  test("that cannot be decoded is refused with its name", async () => {
    expect([
      await complaint(imageOf("x.png", Buffer.from("GIF89a"), undefined)), await complaint(imageOf("x.png", png(1, 1, 4, [1, 2, 3, 254]), undefined)),
      await complaint(imageOf("x.png", grey(1).subarray(0, 50), undefined)), await complaint(imageOf("x.png", Buffer.from("RIFF0000WEBP"), undefined)),
    ]).toMatchInlineSnapshot(`
      [
        "Failure: x.png: this is no PNG, JPEG or WebP image, whatever its name says; convert or remove it",
        "Failure: x.png: the image has transparent pixels, whose colour is not defined; convert or remove it",
        "Failure: x.png: the image is damaged: it ends too early; convert or remove it",
        "Failure: x.png: this is a WebP image, which only sharp decodes; convert or remove it",
      ]
    `);
  });
});

describe("a folder of images", () => {
  test("has a folder for each class; splits are held out", async () => {
    const data = await load({ data: await folder("pets", { ...pets(20), "cat/.DS_Store": Buffer.from("x"), "readme.txt": Buffer.from("x") }) });
    expect(data).toMatchObject({ name: "pets", classes: ["cat", "dog"], features: 6, input: { kind: "image", height: 3, width: 2, channels: 1 } });
    expect([data.train.length, data.validation?.length, data.test.length]).toEqual([32, 4, 4]);
    for (const split of [data.train, data.validation, data.test]) {
      labelsOf(split).forEach((label, at) => expect(Math.floor((split?.get(at)[0].toTypedArray()[0] ?? 0) * 255 / 100 + 1e-3)).toBe(label));
    }
    expect(data.source?.bytes).toBe(Object.values(pets(20)).reduce((sum, { length }) => sum + length, 0));
  });

  test("may have its own splits", async () => {
    const data = await load({ data: await folder("splits", { ...pets(6, "train/"), ...pets(2, "val/"), ...pets(3, "test/") }) });
    expect([data.train.length, data.validation?.length, data.test.length]).toEqual([12, 4, 6]);
    expect(labelsOf(data.test)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test("in colour has three channels, one after the other; its grey images fit", async () => {
    const data = await load({ data: await folder("colours", { ...pets(4, "train/", colour), "train/cat/grey.jpg": grey(50), ...pets(2, "test/") }), validationSplit: 0 });
    expect(data).toMatchObject({ features: 18, input: { channels: 3 } });
    expect([...data.train.get(1)[0].toTypedArray()].map((value) => Math.round(value * 255))).toEqual([1, 1, 1, 1, 1, 1, ...Array<number>(12).fill(10)]);
    expect([...data.test.get(1)[0].toTypedArray()].map((value) => Math.round(value * 255))).toEqual(Array<number>(18).fill(1));
  });

  test("of several sizes needs --image-size, which means what a new pixel covers", async () => {
    const path = await folder("sizes", { ...pets(10, "", () => png(4, 2, 1, [0, 100, 200, 200, 20, 40, 100, 0])), "cat/other.png": png(1, 1, 1, [90]) });
    expect(await complaint(load({ data: path }))).toMatchInlineSnapshot(`"Failure: …/sizes/cat/other.png is 1 x 1 (height x width), but the first image is 2 x 4; to resize all, add --image-size 2x4"`);
    const { input, train, test: held } = await load({ data: path, imageSize: "1x2" });
    expect(input).toEqual({ kind: "image", height: 1, width: 2, channels: 1 });
    const all = new Set([...train, ...held].map(([x]) => [...x.toTypedArray()].map((value) => Math.round(value * 255)).join(" ")));
    expect([...all].toSorted()).toEqual(["40 125", "90 90"]);
  });

  test("with numbers as classes orders them by size", async () => {
    const path = await folder("numbers", Object.fromEntries(["10", "9", "2"].flatMap((name) => Array.from({ length: 5 }, (_, at) => [`${name}/${at}.png`, grey(at)]))));
    expect((await load({ data: path, testSplit: 0.2 })).classes).toEqual(["2", "9", "10"]);
  });

  test("that does not fit is refused with the name of the file or folder", async () => {
    expect([
      await complaint(load({ data: await folder("loose", { ...pets(2), "a.png": grey(1) }) })),
      await complaint(load({ data: await folder("alone", { "cat/a.png": grey(1) }) })),
      await complaint(load({ data: await folder("text", { ...pets(2), "cat/notes.txt": Buffer.from("x") }) })),
      await complaint(load({ data: await folder("deep", { ...pets(2), "cat/old/a.png": grey(1) }) })),
      await complaint(load({ data: await folder("mixed", { ...pets(2, "train/"), ...pets(2) }) })),
      await complaint(load({ data: await folder("strange", { ...pets(2, "train/"), "test/cow/a.png": grey(1) }) })),
      await complaint(load({ data: await folder("broken", { ...pets(2), "dog/9.png": Buffer.from("hello") }) })),
      await complaint(load({ data: await folder("painted", { ...pets(2, "train/"), "test/cat/a.png": colour(1) }) })),
      await complaint(load({ data: await folder("valid", { ...pets(9, "train/"), ...pets(2, "validation/") }), validationSplit: 0 })),
      await complaint(load({ data: join(root, "pets"), target: "x" })),
      await complaint(load({ data: "moons", imageSize: "3x3" })),
    ]).toMatchInlineSnapshot(`
      [
        "FormatError: …/loose/a.png: the image belongs to no class; put it into the folder of its class, such as …/loose/cat/a.png",
        "Failure: …/alone has images of the class cat only; a classifier needs at least two classes",
        "FormatError: …/text/cat/notes.txt: this is no image: …/text/cat may hold only files that end with .png, .jpg, .jpeg, .webp",
        "FormatError: …/deep/cat/old: this is a folder: …/deep/cat may hold only files that end with .png, .jpg, .jpeg, .webp",
        "FormatError: …/mixed: there is the folder train of a split, and cat, dog, that are none; splits are train, training, validation, valid, val, test, testing",
        "FormatError: …/strange: there are images of cow, but the classes are cat, dog",
        "Failure: …/broken/dog/9.png: this is no PNG, JPEG or WebP image, whatever its name says; convert or remove it",
        "Failure: …/painted/test/cat/a.png is in colour, but the images of the training are grey; convert it",
        "UsageFailure: --validation-split 0 does not apply to --data …/valid, which has its own validation images",
        "UsageFailure: --target applies to tables in files only, but --data is …/pets",
        "UsageFailure: --image-size applies to files and folders only, but --data is moons",
      ]
    `);
  });

  test("may have its test images in another folder", async () => {
    const data = await load({ data: join(root, "pets"), testData: await folder("more", pets(3)) });
    expect([data.train.length, data.validation?.length, data.test.length]).toEqual([36, 4, 6]);
    expect(data.source).not.toEqual((await load({ data: join(root, "pets") })).source);
    expect([
      await complaint(load({ data: join(root, "splits"), testData: join(root, "more") })),
      await complaint(load({ data: join(root, "pets"), testData: join(root, "splits") })),
      await complaint(load({ data: join(root, "pets"), testData: await folder("cows", { ...pets(1), "cow/a.png": grey(1) }) })),
      await complaint(load({ data: join(root, "pets"), testData: join(root, "pets", "readme.txt") })),
      await complaint(load({ data: join(root, "pets"), testData: join(root, "nothing") })),
      await complaint(load({ data: join(root, "pets"), testData: join(root, "more"), testSplit: 0.2 })),
      await complaint(load({ data: join(root, "pets"), testData: join(root, "pets") })),
      await complaint(load({ data: "moons", testData: join(root, "more") })),
    ]).toMatchInlineSnapshot(`
      [
        "UsageFailure: --test-data does not apply to --data …/splits, which has its own test images",
        "UsageFailure: --test-data …/splits has several splits; name the folder with the test images alone",
        "FormatError: …/cows: there are images of cow, but the classes are cat, dog",
        "UsageFailure: --test-data …/pets/readme.txt is a file, but --data …/pets is a folder of images; name a folder as well",
        "Failure: cannot read --test-data …/nothing: there is no such file or folder",
        "UsageFailure: --test-split does not apply with --test-data, which has the test examples",
        "Failure: --test-data …/pets has the same images as --data …/pets; to hold a part out for the test, leave --test-data out",
        "UsageFailure: --test-data applies to files and folders only, but --data is moons",
      ]
    `);
  });
});

describe("images without classes", () => {
  const form = { kind: "image", height: 3, width: 2, channels: 1 } as const;

  test("come from a file or a folder, in the order of their names", async () => {
    const path = await folder("unknown", { "10.png": grey(10), "9.png": grey(9) });
    const { features, files } = await readUnlabelledImages(path, form, undefined);
    expect([files, features.shape, features.toTypedArray()[0]]).toEqual([["9.png", "10.png"], [2, 6], Math.fround(9 / 255)]);
    expect((await readUnlabelledImages(join(path, "10.png"), form, undefined)).files).toEqual([join(path, "10.png")]);
  });

  test("must have the form of the model", async () => {
    const path = await folder("wrong", { "a.png": png(1, 1, 1, [3]), "b.png": colour(1) });
    expect([
      await complaint(readUnlabelledImages(join(path, "a.png"), form, undefined)), await complaint(readUnlabelledImages(join(path, "b.png"), form, undefined)),
      await complaint(readUnlabelledImages("-", form, undefined)), await complaint(readUnlabelledImages(join(path, "c.png"), form, undefined)),
    ]).toMatchInlineSnapshot(`
      [
        "Failure: …/wrong/a.png is 1 x 1 (height x width), but the model was trained on 3 x 2; resize it",
        "Failure: …/wrong/b.png is in colour, but the images of the training are grey; convert it",
        "UsageFailure: the model takes images: name a PNG, JPEG or IDX file or a folder of images, in place of -",
        "Failure: cannot read …/wrong/c.png: there is no such file or folder",
      ]
    `);
  });
});
