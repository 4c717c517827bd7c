import type { LabelledDataset } from "@nn/data";
import type { DataSettings } from "./data-settings.js";
import type { ImageForm } from "./input-form.js";
import type { LoadedData, Split } from "./loaded-data.js";
import { seedFor } from "./seeds.js";
import { holdOut } from "./split.js";
import { holdOutValidation } from "./table.js";

/** Images, one row of pixels each, and their classes; `test` if the source has test images. */
export interface ImageSource {
  readonly train: LabelledDataset;
  readonly test?: LabelledDataset | undefined;
  readonly classes: readonly string[];
  readonly form: ImageForm;
}

/** The size of the images of MNIST and of data sets modelled on it. */
export const mnistForm: ImageForm = { kind: "image", height: 28, width: 28 };

/** Prepares images for a network. If there are no test images, some images are held out, drawn by the seed. */
export function imageData(name: string, { train, test, classes, form }: ImageSource, settings: DataSettings): LoadedData {
  const labels = train.tensors[1].toTypedArray();
  const { train: rest, heldOut } = test === undefined
    ? holdOut(labels, settings.testSplit, seedFor(settings.seed, "test split"), "test")
    : { train: Array.from(labels, (_, index) => index), heldOut: [] };
  const indices = holdOutValidation(rest, labels, settings);
  const split = (chosen: readonly number[]): Split => train.subset(chosen);
  return {
    name,
    classes,
    features: form.height * form.width,
    input: form,
    source: null,
    train: split(indices.train),
    validation: indices.validation === undefined ? undefined : split(indices.validation),
    test: test ?? split(heldOut),
  };
}
