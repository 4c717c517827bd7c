import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { systemReason } from "@nn/files";
import { isImageName, listImages } from "@nn/images";
import type { Tensor } from "@nn/tensor";
import { Failure, UsageFailure } from "../../failure.js";
import type { ImageForm } from "../input-form.js";
import type { ReadingListener } from "../raw-table.js";
import { readImages } from "./idx.js";
import { describeForm, featuresOf, matrixOf, pixelsOf, readImageFile, requireForm, type ImageSize } from "./image-file.js";

/** Images without classes, as features. */
export interface UnlabelledImages {
  readonly features: Tensor;
  /** The file of each image; undefined if they are from one IDX file. */
  readonly files: readonly string[] | undefined;
}

/**
 * Reads images without classes: an IDX file, a PNG or JPEG file, or a folder of such files.
 * @throws Failure, FileError, FormatError, naming the file, if one cannot be read or does not have the form of the model.
 */
export async function readUnlabelledImages(path: string, form: ImageForm, size: ImageSize | undefined, listener?: ReadingListener): Promise<UnlabelledImages> {
  if (path === "-") throw new UsageFailure("the model takes images: name a PNG, JPEG or IDX file or a folder of images, in place of -");
  const status = await stat(path).catch((cause: unknown) => {
    throw new Failure(`cannot read ${path}: ${systemReason(cause)}`, { cause });
  });
  if (/\.(csv|tsv|tab|txt|json|jsonl|ndjson)(\.gz)?$/i.test(path)) throw new UsageFailure(`${path} is a table, but the model takes ${describeForm(form)}: name a PNG, JPEG or IDX file, or a folder of images`);
  if (!status.isDirectory() && !isImageName(path)) {
    const { features, form: found } = await readImages(path);
    requireForm(path, found, form);
    return { features, files: undefined };
  }
  const files = status.isDirectory() ? await listImages(path) : [path];
  const rows: Float32Array[] = [];
  let bytes = 0;
  for (const file of files) {
    const place = status.isDirectory() ? join(path, file) : file;
    const image = await readImageFile(place, size, ({ length }) => listener?.reading(path, (bytes += length), undefined));
    rows.push(featuresOf(place, image, form, "model"));
    await setImmediate();
  }
  return { features: matrixOf(rows, pixelsOf(form)), files };
}
