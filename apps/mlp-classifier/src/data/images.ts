import type { LabelledDataset } from "@nn/data";
import type { DataSettings } from "./load.js";
import type { ImageForm, LoadedData, Part } from "./part.js";
import { seedFor } from "./seeds.js";
import { keepAside } from "./split.js";
import { keepValidation } from "./table.js";

/** Images, a row of pixels each, and their classes; `test` where the source has a part for it. */
export interface ImageSource {
  readonly train: LabelledDataset;
  readonly test?: LabelledDataset | undefined;
  readonly classes: readonly string[];
  readonly form: ImageForm;
}

/** The size of the images of MNIST, and all that are made after it. */
export const mnistForm: ImageForm = { kind: "image", height: 28, width: 28 };

/** Images as data for a network: where there is no part for the test, it is kept aside by the seed. */
export function imageData(name: string, { train, test, classes, form }: ImageSource, settings: DataSettings): LoadedData {
  const labels = train.tensors[1].toTypedArray();
  const { rest, kept } = test === undefined
    ? keepAside(labels, settings.testSplit, seedFor(settings.seed, "test split"), "test")
    : { rest: Array.from(labels, (_, index) => index), kept: [] };
  const parted = keepValidation(rest, labels, settings);
  const part = (indices: readonly number[]): Part => train.subset(indices);
  return {
    name,
    classes,
    features: form.height * form.width,
    input: form,
    source: null,
    train: part(parted.train),
    validation: parted.validation === undefined ? undefined : part(parted.validation),
    test: test ?? part(kept),
  };
}
