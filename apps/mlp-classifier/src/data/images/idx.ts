import { FormatError, readIdxFile, readIdxFolder, TensorDataset, type LabelledDataset } from "@nn/data";
import { Tensor } from "@nn/tensor";
import type { ImageSource } from "./image-data.js";
import type { ImageForm } from "../input-form.js";

/** The largest grey level of a byte. */
const white = 255;

/**
 * The splits of a folder of IDX files with the names of MNIST; a single one counts as the training split.
 * @throws FileError, FormatError if a file cannot be read or is invalid.
 */
export async function readIdxImages(folder: string): Promise<ImageSource> {
  const { train, test, classes } = await readIdxFolder(folder, { flatten: false });
  const [first, second] = train === undefined ? [test, undefined] : [train, test];
  if (first === undefined) throw new FormatError(folder, "the folder holds no images");
  const form = formOf(first, folder);
  if (second !== undefined) {
    const { height, width } = formOf(second, folder);
    if (height !== form.height || width !== form.width) {
      throw new FormatError(folder, `images for training are ${form.height} x ${form.width}, those of the test ${height} x ${width}`);
    }
  }
  return { train: flattened(first), test: second === undefined ? undefined : flattened(second), classes, form };
}

/**
 * Loads the images of an IDX file, `[count, height, width]`, as features `[count, height · width]`.
 * @throws FileError, FormatError if the file cannot be read or is invalid.
 */
export async function readImages(path: string): Promise<{ readonly features: Tensor; readonly form: ImageForm }> {
  const pixels = await readIdxFile(path);
  const [count = 0, height = 0, width = 0] = pixels.shape;
  if (pixels.rank !== 3 || count * height * width === 0) {
    throw new FormatError(path, `the file holds [${pixels.shape.join(", ")}], expected images: [count, height, width]`);
  }
  const features = Float32Array.from(pixels.toTypedArray(), (value) => value / white);
  return { features: new Tensor([count, height * width], "float32", features), form: { kind: "image", height, width, channels: 1 } };
}

function formOf({ tensors: [x] }: LabelledDataset, folder: string): ImageForm {
  const [, channels = 0, height = 0, width = 0] = x.shape;
  if (channels !== 1 || height * width === 0) throw new FormatError(folder, `expected grey images, found [${x.shape.slice(1).join(", ")}]`);
  return { kind: "image", height, width, channels: 1 };
}

function flattened({ tensors: [x, y] }: LabelledDataset): LabelledDataset {
  return new TensorDataset(x.reshape([x.shape[0] ?? 0, -1]), y);
}
