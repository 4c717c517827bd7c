import { ArgumentError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { drawSeed, Random } from "../../random.js";
import { labelled, type LabelledDataset } from "../labelled.js";
import { glyphs, type Glyph } from "./glyphs.js";
import { write } from "./handwriting.js";
import { imageSize } from "./raster.js";

/** Options of {@link digits}. */
export interface DigitsOptions {
  /** Number of images for training. Default 4000. */
  readonly train?: number;
  /** Number of images for testing. Default 1000. */
  readonly test?: number;
  /** Default: drawn from the generator that `manualSeed` seeds. */
  readonly seed?: number;
  /** Whether an image is one row of 784 pixels, or `[1, 28, 28]`. Default true. */
  readonly flatten?: boolean;
}

/** A data set with a training and a test split, and the names of its classes. */
export interface ImageSplits {
  readonly train: LabelledDataset;
  readonly test: LabelledDataset;
  readonly classes: readonly string[];
}

const digitsOptions: OptionKinds<DigitsOptions> = { train: "size", test: "size", seed: "size", flatten: "boolean" };

/** The most images of a split. It is also the distance between the random streams of the splits. */
const largestPart = 2 ** 19;

/**
 * Generated images of the ten handwritten digits: 28 x 28 grey levels from 0 to 1. They are drawn with pen strokes, in several ways to
 * write each digit, with random slant, size, rotation, shift, pen, distortion and noise. The digits are equally frequent, to within one
 * image. Generating them is fast and needs no download. The same seed gives the same bits on every machine.
 *
 * An image depends only on the seed, the split and its index, so a larger split begins with the images of a smaller one. With the
 * default sizes, 20 epochs of Adam with rate 0.001 and batches of 64, a linear model reaches 85 to 86 % on the test split, and a
 * perceptron with 128 hidden units 96 %.
 *
 * @example
 * ```ts
 * import { digits } from "@nn/data";
 * const { train, test } = digits({ train: 50, test: 10, seed: 1 });
 * const [x, y] = train.batch([0, 1, 2]);
 * x.shape; // => [3, 784]
 * y.dtype; // => "int32"
 * test.length; // => 10
 * ```
 * @throws ArgumentError if an option is out of range.
 */
export function digits(options: DigitsOptions = {}): ImageSplits {
  requireOptions("digits", options, digitsOptions);
  const { train = 4000, test = 1000, seed = drawSeed(), flatten = true } = options;
  const itemShape = flatten ? [imageSize * imageSize] : [1, imageSize, imageSize];
  return {
    train: drawPart("train", train, seed, 0, itemShape),
    test: drawPart("test", test, seed, 1, itemShape),
    classes: glyphs.map((_, digit) => String(digit)),
  };
}

function drawPart(what: string, count: number, seed: number, part: number, itemShape: readonly number[]): LabelledDataset {
  if (count > largestPart) throw new ArgumentError(`digits: ${what} is ${count}, expected at most ${largestPart}`);
  const pixels = imageSize * imageSize;
  const x = new Float32Array(count * pixels);
  const y = new Int32Array(count);
  let order: Int32Array = new Int32Array(0);
  for (let item = 0; item < count; item++) {
    const random = new Random(seed, part * largestPart + item);
    const turn = item % glyphs.length;
    if (turn === 0) order = random.permutation(glyphs.length);
    const digit = order[turn] as number;
    const styles = glyphs[digit] as readonly Glyph[];
    y[item] = digit;
    write(x.subarray(item * pixels, (item + 1) * pixels), styles[random.below(styles.length)] as Glyph, random);
  }
  return labelled(x, y, itemShape);
}
