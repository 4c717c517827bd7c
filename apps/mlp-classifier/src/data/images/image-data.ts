import type { LabelledDataset } from "@nn/data";
import type { DataSettings } from "../data-settings.js";
import type { ImageForm } from "../input-form.js";
import type { LoadedData, Split } from "../loaded-data.js";
import { seedFor } from "../seeds.js";
import { holdOut } from "../split.js";
import { pixelsOf } from "./image-file.js";
import { holdOutValidation } from "../table.js";

/** Images, one row of pixels each, and their classes; `validation` and `test` if the source has such splits. */
export interface ImageSource {
  readonly train: LabelledDataset;
  readonly validation?: LabelledDataset | undefined;
  readonly test?: LabelledDataset | undefined;
  readonly classes: readonly string[];
  readonly form: ImageForm;
}

/** The size of the images of MNIST and of data sets modelled on it. */
export const mnistForm: ImageForm = { kind: "image", height: 28, width: 28, channels: 1 };

/** Prepares images for a network. Splits that the source does not have are held out from the training images, drawn by the seed. */
export function imageData(name: string, { train, validation, test, classes, form }: ImageSource, settings: DataSettings): LoadedData {
  const labels = train.tensors[1].toTypedArray();
  const { train: rest, heldOut } = test === undefined
    ? holdOut(labels, settings.testSplit, seedFor(settings.seed, "test split"), "test")
    : { train: Array.from(labels, (_, index) => index), heldOut: [] };
  const indices = validation === undefined ? holdOutValidation(rest, labels, settings) : { train: rest, validation: undefined };
  const split = (chosen: readonly number[]): Split => train.subset(chosen);
  return {
    name,
    classes,
    features: pixelsOf(form),
    input: form,
    source: null,
    train: split(indices.train),
    validation: validation ?? (indices.validation === undefined ? undefined : split(indices.validation)),
    test: test ?? split(heldOut),
  };
}
