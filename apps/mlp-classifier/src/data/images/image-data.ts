import { TensorDataset, type LabelledDataset } from "@nn/data";
import { concat, type Tensor } from "@nn/tensor";
import type { DataSettings } from "../data-settings.js";
import type { ImageForm } from "../input-form.js";
import type { LoadedData, Split } from "../loaded-data.js";
import { seedFor } from "../seeds.js";
import { holdOut } from "../split.js";
import { foldsOf } from "../folds.js";
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
export function imageData(name: string, source: ImageSource, settings: DataSettings): LoadedData {
  const { train, validation, test, classes, form } = source;
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
    folds: (count) => imageFolds(name, source, rest, settings, count),
  };
}

/** The rounds of a cross-validation of the images that are not for the test, those for validation included. */
function imageFolds(name: string, { train, validation, ...source }: ImageSource, rest: readonly number[], settings: DataSettings, count: number): readonly LoadedData[] {
  const pool: LabelledDataset = validation === undefined ? train : new TensorDataset(...joined(train, validation));
  const indices = [...rest, ...Array.from({ length: pool.length - train.length }, (_, at) => train.length + at)];
  const labels = pool.tensors[1].toTypedArray();
  return foldsOf(indices, labels, source.classes, count, seedFor(settings.seed, "test split"))
    .map((fold) => imageData(name, { ...source, train: pool.subset(fold.train), test: pool.subset(fold.test) }, settings));
}

function joined({ tensors: [x, y] }: LabelledDataset, { tensors: [moreX, moreY] }: LabelledDataset): readonly [Tensor, Tensor] {
  return [concat([x, moreX]), concat([y, moreY])];
}
