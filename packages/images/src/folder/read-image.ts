import { FileError } from "@nn/files";
import { builtin } from "@nn/files/builtin";
import { cast, round, type Tensor } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { centerCrop } from "../augment/crop.js";
import { sizeOfImage, type ImageSize } from "../augment/requirements.js";
import { resize } from "../augment/resize.js";
import { decodeAs, decodeOptions, requireBackground, type DecodeOptions } from "../decode/decode-image.js";

/** Options of {@link readImage}. */
export interface ReadImageOptions extends DecodeOptions {
  /** The size that the image is given, as {@link resize} computes it. Default: its own. */
  readonly size?: ImageSize;
  /** `"crop"`: the image keeps its proportions, and what does not fit is cut off on both sides. `"stretch"`: it changes its proportions. Default: `"crop"`. */
  readonly fit?: "crop" | "stretch";
}

/** The kinds of {@link ReadImageOptions}. */
export const readImageOptions: OptionKinds<ReadImageOptions> = { ...decodeOptions, size: "any", fit: ["crop", "stretch"] };

/**
 * Reads an image file, as {@link decodeImage} decodes it, and gives it a size.
 * @throws FileError if the file cannot be read.
 * @throws FormatError, naming the file, if the image cannot be decoded.
 */
export async function readImage(path: string, options: ReadImageOptions = {}): Promise<Tensor> {
  requireKind("readImage", "the path", path, "string");
  requireOptions("readImage", options, readImageOptions);
  requireReading("readImage", options);
  return readAs("readImage", path, options);
}

/** Refuses options that no image can be read with. */
export function requireReading(operation: string, { size, background }: ReadImageOptions): void {
  requireBackground(operation, background);
  if (size !== undefined) sizeOfImage(operation, size);
}

/** {@link readImage} with the name of another function in its errors, and options that were checked. */
export async function readAs(operation: string, path: string, { size, fit = "crop", dtype = "float32", ...options }: ReadImageOptions): Promise<Tensor> {
  const { readFile } = builtin(operation, "node:fs/promises");
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new FileError(operation, "read", path, cause);
  });
  const named = { name: path, ...options };
  if (size === undefined) return decodeAs(operation, bytes, { ...named, dtype });
  const image = await decodeAs(operation, bytes, { ...named, dtype: "float32" });
  const fitted = fit === "stretch" ? resize(image, size) : covering(image, sizeOfImage(operation, size));
  return dtype === "int32" ? cast(round(fitted.mul(255)), "int32") : fitted;
}

/** The middle of an image, as large as possible in the proportions of a size, in that size. */
function covering(image: Tensor, size: readonly [height: number, width: number]): Tensor {
  const [rows = 1, columns = 1] = image.shape.slice(-2);
  const scale = Math.min(rows / size[0], columns / size[1]);
  const cut = centerCrop(image, [Math.max(1, Math.round(size[0] * scale)), Math.max(1, Math.round(size[1] * scale))]);
  return resize(cut, size);
}
