import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encode, type ImageData } from "fast-png";
import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import { decodeImage } from "../../src/data/images/decode-image.js";
import { readUnlabelledImages } from "../../src/data/images/unlabelled.js";
import { loadData } from "../../src/data/load.js";
import type { LoadedData, Split } from "../../src/data/loaded-data.js";
import { mergeSettings, type PartialSettings } from "../../src/settings/merge.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();

const load = (settings: PartialSettings): Promise<LoadedData> => loadData(mergeSettings(settings));
const complaint = async (step: Promise<unknown>): Promise<string> => step.then(() => "no error", (error: unknown) => String(error).replaceAll(root, "…"));
const labelsOf = (split: Split | undefined): number[] => Array.from({ length: split?.length ?? 0 }, (_, at) => split?.get(at)[1].item() as number);

const png = (width: number, height: number, channels: number, data: readonly number[], more: Partial<ImageData> = {}): Uint8Array =>
  encode({ width, height, channels, data: Uint8Array.from(data), ...more });
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
  const samplesOf = (bytes: Uint8Array): number[] => [...decodeImage("x.png", bytes).samples].map((value) => Math.round(value * 255));

  test("may be a PNG of every kind of sample", () => {
    expect(samplesOf(png(2, 1, 1, [0, 200]))).toEqual([0, 200]);
    expect(samplesOf(png(2, 1, 2, [7, 255, 9, 255]))).toEqual([7, 9]);
    expect(samplesOf(png(1, 1, 4, [1, 2, 3, 255]))).toEqual([1, 2, 3]);
    expect([...decodeImage("x.png", encode({ width: 1, height: 1, channels: 1, depth: 16, data: Uint16Array.of(65535 / 5) })).samples]).toEqual([Math.fround(0.2)]);
    // Four pixels of one bit in each row: 1010 and 0110.
    expect(samplesOf(png(4, 2, 1, [0b1010_0000, 0b0110_0000], { depth: 1 }))).toEqual([255, 0, 255, 0, 0, 255, 255, 0]);
    expect(samplesOf(png(2, 1, 1, [0, 1], { palette: [[1, 2, 3], [250, 251, 252]] }))).toEqual([1, 2, 3, 250, 251, 252]);
  });

  test("whose three channels are equal is grey", () => {
    expect(decodeImage("x.png", png(2, 1, 3, [5, 5, 5, 80, 80, 80]))).toMatchObject({ channels: 1, samples: Float32Array.of(5 / 255, 80 / 255) });
    expect(decodeImage("x.png", png(1, 1, 3, [5, 5, 6])).channels).toBe(3);
  });

  const rgba = (pixels: readonly (readonly number[])[]): Uint8Array => Uint8Array.from(pixels.flatMap((pixel) => [...pixel, 255]));
  /** A photo 16 wide and 8 high, bright in one quarter: `top`, `left` say in which. */
  const photo = (orientation: number): Uint8Array => {
    const pixels = Array.from({ length: 128 }, (_, at) => (at % 16 < 8 && at < 64 ? [255, 255, 255] : [0, 0, 0]));
    const bytes = jpeg.encode({ width: 16, height: 8, data: rgba(pixels) }, 100).data;
    // An EXIF segment after the marker of the beginning: TIFF header, one tag, Orientation as a short.
    const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
    const content = [...Buffer.from("Exif\0\0", "latin1"), ...tiff];
    return Buffer.concat([bytes.subarray(0, 2), Uint8Array.from([0xff, 0xe1, 0, content.length + 2, ...content]), bytes.subarray(2)]);
  };

  test.each([[1, "16x8", "top left"], [2, "16x8", "top right"], [3, "16x8", "bottom right"], [4, "16x8", "bottom left"], [5, "8x16", "top left"], [6, "8x16", "top right"], [7, "8x16", "bottom right"], [8, "8x16", "bottom left"]] as const)("is turned upright: orientation %i", (orientation, size, bright) => {
    const { width, height, samples, channels } = decodeImage("x.jpg", photo(orientation));
    expect([`${width}x${height}`, channels]).toEqual([size, 1]);
    const at = (down: number, across: number): number => samples[Math.floor(down * height) * width + Math.floor(across * width)] ?? 0;
    const quarters = { "top left": at(0.2, 0.2), "top right": at(0.2, 0.8), "bottom left": at(0.8, 0.2), "bottom right": at(0.8, 0.8) };
    expect(Object.entries(quarters).flatMap(([name, level]) => (level > 0.5 ? [name] : []))).toEqual([bright]);
  });

  test("that is damaged, transparent or something else is refused with its name", () => {
    const whole = photo(1);
    const problem = (bytes: Uint8Array): string => {
      try {
        decodeImage("x.png", bytes);
        return "no error";
      } catch (error) {
        return String(error);
      }
    };
    const flipped = Uint8Array.from(grey(5), (byte, at) => (at === 45 ? byte ^ 255 : byte));
    expect([
      problem(Buffer.from("GIF89a")), problem(png(1, 1, 4, [1, 2, 3, 254])), problem(png(2, 1, 1, [0, 1], { palette: [[1, 2, 3, 255], [4, 5, 6, 0]] })),
      problem(png(1, 1, 4, [0, 0, 0, 255]).subarray(0, 50)), problem(whole.subarray(0, whole.length - 60)),
    ].map((text) => text.replace(/is damaged: .*/, "is damaged: …"))).toMatchInlineSnapshot(`
      [
        "Failure: x.png is neither a PNG nor a JPEG image, whatever its name says; convert or remove it",
        "Failure: x.png has transparent pixels, whose colour is not defined; save it without transparency",
        "Failure: x.png has transparent pixels, whose colour is not defined; save it without transparency",
        "Failure: x.png is damaged: …",
        "Failure: x.png is damaged: …",
      ]
    `);
    expect(problem(flipped)).toMatch(/^Failure: x\.png is damaged: /);
    const huge = Buffer.from(grey(5));
    huge.writeUInt32BE(100_000, 16);
    huge.writeUInt32BE(100_000, 20);
    expect(problem(huge)).toMatch(/pixels, more than the limit of 100 million; scale it down$/);
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
        "Failure: …/loose/a.png belongs to no class: put it into the folder of its class, such as …/loose/cat/a.png",
        "Failure: …/alone has images of the class cat only; a classifier needs at least two classes",
        "Failure: …/text/cat/notes.txt is no image: …/text/cat may hold only files that end with .png, .jpg or .jpeg",
        "Failure: …/deep/cat/old is a folder: …/deep/cat may hold only files that end with .png, .jpg or .jpeg",
        "Failure: …/mixed has the folder train of a split, and cat, dog, that are none; splits are train, training, validation, valid, val, test, testing",
        "Failure: …/strange has images of cow, but the classes of the training are cat, dog",
        "Failure: …/broken/dog/9.png is neither a PNG nor a JPEG image, whatever its name says; convert or remove it",
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
        "Failure: …/cows has images of cow, but the classes of the training are cat, dog",
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
