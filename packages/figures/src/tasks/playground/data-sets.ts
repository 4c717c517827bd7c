import { blobs, digits as drawDigits, spirals } from "@nn/data";
import { avgPool2d, cdist, concat, cos, exp, Generator, indexSelect, matmul, normal, prod, sign, sin, sum, tensor, uniform, type Tensor } from "@nn/tensor";
import { limits, picturePixels, type DataSetName } from "./choices.js";
import { bumpCentres, bumpSigns, centresOf, deviationOf } from "./shapes.js";

/** Examples: inputs `[n, 2]` or `[n, 196]`, and classes `[n]` as int32 or values `[n, 1]`. */
export interface Examples {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

export interface DataSetOptions {
  readonly classes: number;
  /** In percent. */
  readonly noise: number;
  readonly seed: number;
}

const count = limits.points;

/** Points moved by normal noise. */
function noisy(points: Tensor, noise: number, generator: Generator): Tensor {
  if (noise === 0) return points;
  return points.add(normal(points.shape, { std: deviationOf(noise), generator }));
}

/** A disc and rings around it, one for each class. */
function circle({ classes, noise, seed }: DataSetOptions): Examples {
  const generator = new Generator(seed);
  const each = Math.floor(count / classes);
  const rings = Array.from({ length: classes }, (_, at) => uniform([each, 1], { low: at === 0 ? 0 : (5 * at + 2) / classes, high: (5 * (at + 1)) / classes, generator }));
  const radius = concat(rings);
  const angle = uniform(radius.shape, { high: 2 * Math.PI, generator });
  const points = concat([radius.mul(cos(angle)), radius.mul(sin(angle))], 1);
  const labels = Array.from({ length: each * classes }, (_, at) => Math.floor(at / each));
  return { inputs: noisy(points, noise, generator), targets: tensor(labels, { dtype: "int32" }) };
}

/** Four squares; opposite ones are of one class. */
function xor({ noise, seed }: DataSetOptions): Examples {
  const generator = new Generator(seed);
  const spread = uniform([count, 2], { low: -5, high: 5, generator });
  const points = spread.add(sign(spread).mul(0.3));
  return { inputs: noisy(points, noise, generator), targets: prod(points, 1).greater(0).cast("int32") };
}

/** A cloud of points for each class. */
function gauss({ classes, noise, seed }: DataSetOptions): Examples {
  const [inputs, targets] = blobs({ count, centers: centresOf(classes), noise: 0.7 + deviationOf(noise), seed }).tensors;
  return { inputs, targets };
}

/** An arm for each class. */
function spiral({ classes, noise, seed }: DataSetOptions): Examples {
  const [points, targets] = spirals({ count, arms: classes, turns: 1.75, noise: deviationOf(noise) / 5, seed }).tensors;
  return { inputs: points.mul(5), targets };
}

/** Generated digits of half the size, equally many of each class. */
function digits({ classes, noise, seed }: DataSetOptions): Examples {
  const [images, digitOf] = drawDigits({ train: limits.digits, test: 0, seed, flatten: false }).train.batch(Array.from({ length: limits.digits }, (_, at) => at));
  const chosen = tensor([...digitOf.toTypedArray()].flatMap((digit, at) => (digit < classes ? [at] : [])), { dtype: "int32" });
  const pictures = indexSelect(avgPool2d(images, 2).reshape([limits.digits, picturePixels]), chosen, 0);
  return { inputs: noisy(pictures, noise / 5, new Generator(seed)), targets: indexSelect(digitOf, chosen, 0) };
}

/** `(x₁ + x₂) / 10`. */
function plane({ noise, seed }: DataSetOptions): Examples {
  const generator = new Generator(seed);
  const points = uniform([count, 2], { low: -5, high: 5, generator });
  return { inputs: noisy(points, noise, generator), targets: sum(points, 1, { keepAxes: true }).div(10) };
}

/** Three hills and three valleys, each `±exp(−d² / 2)` with the distance d to its centre. */
function bumps({ noise, seed }: DataSetOptions): Examples {
  const generator = new Generator(seed);
  const points = uniform([count, 2], { low: -6, high: 6, generator });
  const heights = exp(cdist(points, tensor(bumpCentres)).square().div(-2));
  return { inputs: noisy(points, noise, generator), targets: matmul(heights, tensor(bumpSigns.map((one) => [one]))) };
}

/** The data sets. `program-data.ts` has the same as text. */
export const dataSetMakers: Readonly<Record<DataSetName, (options: DataSetOptions) => Examples>> = { circle, xor, gauss, spiral, digits, plane, bumps };
