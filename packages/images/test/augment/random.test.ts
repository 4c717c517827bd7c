import { arange, concat, Generator, manualSeed, ones, stack, tensor, unbind, uniform, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  colorJitter, cutout, perspective, randomAffine, randomCrop, randomErasing, randomGrayscale, randomHorizontalFlip, randomPerspective, randomResizedCrop, randomRotation,
} from "../../src/index.js";

const images = uniform([6, 3, 8, 10], { generator: new Generator(1) });

type Augmentation = (images: Tensor, options: { readonly generator?: Generator }) => Tensor;

const augmentations: Readonly<Record<string, Augmentation>> = {
  colorJitter: (x, options) => colorJitter(x, { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2, ...options }),
  cutout: (x, options) => cutout(x, 4, options),
  randomAffine: (x, options) => randomAffine(x, { degrees: 20, translate: [0.1, 0.2], scale: [0.8, 1.2], shear: [5, 5], ...options }),
  randomCrop: (x, options) => randomCrop(x, [6, 8], { padding: 1, ...options }),
  randomErasing: (x, options) => randomErasing(x, { p: 0.8, ...options }),
  randomGrayscale: (x, options) => randomGrayscale(x, options),
  randomHorizontalFlip: (x, options) => randomHorizontalFlip(x, options),
  randomPerspective: (x, options) => randomPerspective(x, { p: 0.8, ...options }),
  randomResizedCrop: (x, options) => randomResizedCrop(x, [6, 7], options),
  randomRotation: (x, options) => randomRotation(x, 45, options),
};

describe.each(Object.entries(augmentations))("%s", (_, augment) => {
  test("gives the same images for the same seed, others at the next call, and one image as a batch of one", () => {
    const generator = new Generator(5);
    const [first, second] = [augment(images, { generator }).toArray(), augment(images, { generator }).toArray()];
    expect(augment(images, { generator: new Generator(5) }).toArray()).toEqual(first);
    expect(second).not.toEqual(first);
    const [single] = unbind(augment(images.slice([{ stop: 1 }]), { generator: new Generator(6) }));
    expect(augment(images.slice([0]), { generator: new Generator(6) }).toArray()).toEqual(single?.toArray());
    manualSeed(9);
    const drawn = augment(images, {}).toArray();
    manualSeed(9);
    expect(augment(images, {}).toArray()).toEqual(drawn);
  });

  test("changes each image by what it draws for it, whatever the others are", () => {
    const changed = augment(images, { generator: new Generator(7) });
    const others = augment(concat([images.slice([{ stop: 3 }]), images.slice([{ stop: 3 }])], 0), { generator: new Generator(7) });
    expect(others.slice([{ stop: 3 }]).toArray()).toEqual(changed.slice([{ stop: 3 }]).toArray());
  });
});

describe("what is erased", () => {
  test("is one rectangle of each image, in its bounds", () => {
    const erased = randomErasing(ones([300, 1, 12, 9]), { p: 1, generator: new Generator(2) });
    unbind(erased).forEach((image) => {
      const rows = image.slice([0]).toArray() as number[][];
      const empty = rows.flatMap((row, y) => row.flatMap((value, x) => (value === 0 ? [[y, x] as const] : [])));
      const [ys, xs] = [empty.map(([y]) => y), empty.map(([, x]) => x)];
      const area = empty.length === 0 ? 0 : (Math.max(...ys) - Math.min(...ys) + 1) * (Math.max(...xs) - Math.min(...xs) + 1);
      expect(area).toBe(empty.length);
      // Up to 0.33 of the area, with both sides rounded.
      expect(empty.length / 108).toBeLessThan(0.45);
    });
    expect(randomErasing(ones([4, 1, 3, 3]), { p: 0 }).toArray()).toEqual(ones([4, 1, 3, 3]).toArray());
    expect(randomErasing(ones([1, 2, 2]), { p: 1, scale: [1, 1], ratio: [1, 1] }).toArray()).toEqual(ones([1, 2, 2]).toArray());
  });

  test("is a square around any pixel, cut off at the edge", () => {
    const counts = new Set(unbind(cutout(ones([200, 1, 5, 5]), 3, { generator: new Generator(2), value: 0 })).map((image) => 25 - image.sum().item()));
    expect([...counts].toSorted((a, b) => a - b)).toEqual([4, 6, 9]);
  });
});

test("a perspective keeps an image whose corners stay, and its corners come where they should", () => {
  const ramp = arange(80, { dtype: "float64" }).reshape([1, 8, 10]);
  const same = perspective(ramp, [[0, 0], [9, 0], [9, 7], [0, 7]]).toTypedArray();
  same.forEach((value, at) => expect(value).toBeCloseTo(at, 9));
  const each = perspective(stack([ramp, ramp]), tensor([[[0, 0], [9, 0], [9, 7], [0, 7]], [[1, 0], [10, 0], [10, 7], [1, 7]]]));
  expect(each.slice([0, 0, 3, 3]).item()).toBeCloseTo(33, 5);
  expect(each.slice([1, 0, 3, 3]).item()).toBeCloseTo(32, 5);
});

test("the first translation is along the rows, the second one along the columns", () => {
  const rows = arange(8).cast("float32").add(1).reshape([1, 1, 8, 1]).expand([20, 1, 8, 8]);
  const [along, down] = [[0.5, 0], [0, 0.5]].map((translate) => randomAffine(rows, { translate: translate as [number, number], generator: new Generator(2), mode: "nearest" }));
  const changes = (moved: Tensor | undefined): boolean => (moved?.toTypedArray() ?? []).some((value, at) => value !== 0 && value !== Math.floor((at % 64) / 8) + 1);
  expect([changes(along), changes(down)]).toEqual([false, true]);
});

test("options that do not fit are refused", () => {
  const image = images.slice([0]);
  expect([
    () => colorJitter(image, { hue: 0.6 }), () => colorJitter(image, { brightnes: 1 } as object), () => randomAffine(image, { scale: [2, 1] }), () => randomAffine(image, { translate: [-1, 0] }),
    () => randomErasing(image, { ratio: [0, 1] }), () => cutout(image, 0), () => randomRotation(image, -3), () => randomRotation(image, 1e308),
    () => randomAffine(image, { degrees: 400 }), () => randomAffine(image, { shear: [0, 1e308] }), () => randomPerspective(image, { distortion: 2 }), () => randomAffine(image, { generator: 3 as never }),
  ].map((call) => {
    try {
      call();
      return "no error";
    } catch (error) {
      return String(error);
    }
  })).toMatchInlineSnapshot(`
    [
      "ArgumentError: colorJitter: hue is 0.6, expected a number from 0 to 0.5",
      "ArgumentError: colorJitter: there is no option "brightnes"; did you mean "brightness"?",
      "ArgumentError: randomAffine: scale is [2, 1], expected two numbers in ascending order, at least 0.001",
      "ArgumentError: randomAffine: translate is [-1, 0], expected two numbers from 0 to 1",
      "ArgumentError: randomErasing: ratio is [0, 1], expected two numbers in ascending order, at least 0.001",
      "ArgumentError: cutout: size is 0, expected a positive whole number",
      "ArgumentError: randomRotation: degrees is -3, expected a number from 0 to 360",
      "ArgumentError: randomRotation: degrees is 1e+308, expected a number from 0 to 360",
      "ArgumentError: randomAffine: degrees is 400, expected a number from 0 to 360",
      "ArgumentError: randomAffine: shear is [0, 1e+308], expected two numbers from 0 to 360",
      "ArgumentError: randomPerspective: distortion is 2, expected a number from 0 to 1",
      "ArgumentError: randomAffine: generator is 3, expected a Generator",
    ]
  `);
});
