import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import * as images from "@nn/images";
import { Generator, uniform, Variable, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

const batch = uniform([4, 3, 8, 10], { generator: new Generator(1) });

type Options = { readonly generator: Generator };

const augmentations: Readonly<Record<string, (x: Tensor, options: Options) => Tensor>> = {
  resize: (x) => images.resize(x, [5, 12]),
  centerCrop: (x) => images.centerCrop(x, 5),
  flips: (x, options) => images.randomVerticalFlip(images.randomHorizontalFlip(x, options), options),
  randomCrop: (x, options) => images.randomCrop(x, [6, 8], { padding: 1, ...options }),
  randomResizedCrop: (x, options) => images.randomResizedCrop(x, [6, 7], { mode: "bicubic", ...options }),
  nearestResizedCrop: (x, options) => images.randomResizedCrop(x, 5, { mode: "nearest", ...options }),
  randomAffine: (x, options) => images.randomAffine(x, { degrees: 20, translate: [0.1, 0.2], scale: [0.8, 1.2], shear: [5, 5], fill: 0.5, ...options }),
  randomRotation: (x, options) => images.randomRotation(x, 45, { mode: "nearest", ...options }),
  randomPerspective: (x, options) => images.randomPerspective(x, { p: 0.8, ...options }),
  colorJitter: (x, options) => images.colorJitter(x, { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.2, ...options }),
  randomGrayscale: (x, options) => images.randomGrayscale(x, options),
  gaussianBlur: (x) => images.gaussianBlur(x, 3, 0.8),
  erasing: (x, options) => images.cutout(images.randomErasing(x, options), 3, options),
  normalizeChannels: (x) => images.normalizeChannels(x, images.imagenetStatistics),
};

test.each(Object.entries(augmentations))("%s gives the same images in a compiled function, with new numbers at each call", (_, augment) => {
  const run = (generator: Generator) => (x: Tensor) => augment(x, { generator });
  const [eager, compiled] = [run(new Generator(4)), compile(run(new Generator(4)))];
  for (let turn = 0; turn < 3; turn++) {
    const [a, b] = [eager(batch), compiled(batch)];
    expect(b.shape).toEqual(a.shape);
    const [x, y] = [a.toTypedArray(), b.toTypedArray()];
    for (let at = 0; at < x.length; at++) expect(Math.abs((y[at] ?? NaN) - (x[at] ?? NaN))).toBeLessThan(1e-5);
  }
});

test("gradients flow through what is computed from pixels", () => {
  const image = new Variable(batch);
  const { gradients: [gradient] } = valueAndGrad(() => images.rotate(images.adjustBrightness(image.value, 0.5), 10).sum(), [image]);
  expect(gradient?.shape).toEqual(batch.shape);
  expect(gradient?.slice([0, 0, 4, 5]).item()).toBeCloseTo(0.5, 2);
});
