import { arange, Generator, tensor, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { centerCrop, horizontalFlip, randomCrop, randomHorizontalFlip, randomVerticalFlip, resize, resizeShorter, verticalFlip } from "../../src/index.js";

/** Images whose pixels are all different, numbered from 1 on. */
const numbered = (count: number, height: number, width: number): Tensor => arange(1, count * height * width + 1).reshape([count, 1, height, width]);

test("the middle is that of torchvision, where margins differ as well", () => {
  // int(round((5 − 4) / 2)) = 0 and int(round((7 − 4) / 2)) = 2: Python rounds to even numbers.
  expect(centerCrop(numbered(1, 5, 7), 4).toArray()).toEqual(numbered(1, 5, 7).slice([null, null, { stop: 4 }, { start: 2, stop: 6 }]).toArray());
  expect(() => centerCrop(zeros([3, 4, 4]), [5, 2])).toThrowErrorMatchingInlineSnapshot(`[ShapeError: centerCrop: images are [3, 4, 4], smaller than 5 x 2 (height x width); resize them before]`);
});

test("a random part is a part of its image, at every place in the end, the same for the same seed", () => {
  const [images, generator] = [numbered(40, 4, 3), new Generator(1)];
  const crops = randomCrop(images, 2, { generator });
  const places = new Set(Array.from({ length: 40 }, (_, at) => {
    const [first = 0, ...others] = crops.slice([at]).toTypedArray();
    expect(others).toEqual([first + 1, first + 3, first + 4]);
    return first - 1 - 12 * at;
  }));
  expect([...places].toSorted((a, b) => a - b)).toEqual([0, 1, 3, 4, 6, 7]);
  expect(randomCrop(images, 2, { generator: new Generator(1) }).toArray()).toEqual(crops.toArray());
  expect(randomCrop(images, 2, { generator }).toArray()).not.toEqual(crops.toArray());
});

test("padding is filled or mirrored", () => {
  const sums = (options: Parameters<typeof randomCrop>[2]): number => randomCrop(tensor([[[1, 2], [3, 4]]]), [6, 4], { padding: [2, 1], ...options }).sum().item();
  expect(sums({})).toBe(10);
  expect(sums({ fill: 0.5 })).toBe(20);
  expect(randomCrop(tensor([[[1, 2, 3]]]), [1, 7], { padding: [0, 2], mode: "reflect" }).toArray()).toEqual([[[3, 2, 1, 2, 3, 2, 1]]]);
  expect(() => randomCrop(zeros([3, 4, 4]), 7, { padding: 1 })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: randomCrop: images are [3, 6, 6], smaller than 7 x 7 (height x width); resize them before, or add padding]`);
  expect(() => randomCrop(zeros([3, 4, 4]), 2, { padding: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: randomCrop: padding is -1, expected a whole number, at least 0, or two of them]`);
});

describe("flips", () => {
  const image = tensor([[[1, 2], [3, 4]]]);

  test("mirror each image, or some of a batch", () => {
    expect([horizontalFlip(image).toArray(), verticalFlip(image).toArray()]).toEqual([[[[2, 1], [4, 3]]], [[[3, 4], [1, 2]]]]);
    for (const [flip, random] of [[horizontalFlip, randomHorizontalFlip], [verticalFlip, randomVerticalFlip]] as const) {
      const images = numbered(200, 2, 2);
      const [before, after, mixed] = [images, flip(images), random(images, { generator: new Generator(3) })].map((each) => each.toArray()) as [unknown[], unknown[], unknown[]];
      const flipped = mixed.filter((each, at) => {
        expect([before[at], after[at]]).toContainEqual(each);
        return JSON.stringify(each) !== JSON.stringify(before[at]);
      });
      // 200 trials with probability 1/2 lie within 60 of 100 but for one case in 10^16.
      expect(Math.abs(flipped.length - 100)).toBeLessThan(60);
      expect(random(images, { p: 0 }).toArray()).toEqual(before);
      expect(random(images, { p: 1 }).toArray()).toEqual(after);
    }
  });

  test("refuse what is no image", () => {
    expect(() => horizontalFlip(zeros([3, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: horizontalFlip: images are [3, 4], expected [C, H, W] or [N, C, H, W], none of them empty]`);
    expect(() => randomHorizontalFlip(image, { p: 2 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: randomHorizontalFlip: p is 2, expected a number from 0 to 1]`);
    expect(() => randomHorizontalFlip(image, { generator: 3 as never })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: randomHorizontalFlip: generator is 3, expected a Generator]`);
  });
});

test("resizing keeps leading axes, and the proportions where only the shorter side is given", () => {
  const images = arange(48).reshape([2, 2, 3, 4]).div(48);
  expect(resize(images.reshape([2, 2, 1, 3, 4]), [2, 5]).reshape([2, 2, 2, 5]).toArray()).toEqual(resize(images, [2, 5]).toArray());
  expect(resize(images.slice([1]), [2, 5]).toArray()).toEqual(resize(images, [2, 5]).slice([1]).toArray());
  expect(resizeShorter(zeros([1, 50, 33]), 10).shape).toEqual([1, 15, 10]);
  expect(resize(tensor([[[0, 1, 2, 3]]]), [1, 2], { mode: "nearest" }).toArray()).toEqual([[[0, 2]]]);
  expect(resize(tensor([[[0, 1, 8, 3]]]), [1, 1], { antialias: false }).toArray()).toEqual([[[4.5]]]);
});
