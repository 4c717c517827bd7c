import { toOnnx, type OnnxOptions } from "@nn/onnx";
import { any, arange, argMax, concat, equal, isNaN, reshape, slice, softmax, tensor, where, zeros, type Tensor } from "@nn/tensor";
import { Ensemble } from "@nn/train";
import type { ImageForm, TableForm } from "../data/input-form.js";
import type { Network } from "../model/architecture.js";
import { originOf, qualityOf } from "./describe.js";
import { encodedColumns, isCategorical, numericFeatures, type CategoryColumn, type Scaling } from "./encoded-columns.js";
import type { ExportedModel } from "./exported-model.js";

/** The names of the outputs: `[batch, classes]` in float32, and the index of the most probable class in int32. */
export const outputNames = ["probabilities", "prediction"] as const;

/**
 * A model as an ONNX file that takes what is in a table or an image, in batches of any size. Numbers come as `numbers`, float64 `[batch, count]`, categories by their indices as `categories`, int32
 * `[batch, count]`, images as `images`, float32 `[batch, channels, height, width]`. The metadata name columns, categories and classes as JSON.
 */
export function onnxFile({ file, model, network }: ExportedModel): Uint8Array {
  const { input, classes } = model;
  const metadata = { description: `${originOf(model)}: ${qualityOf(model)}`, classes: JSON.stringify(classes) };
  const options = { batchAxis: 0, outputNames, module: network } satisfies OnnxOptions;
  if (input.kind === "image") return imageFile(input, network, { ...options, metadata });
  const columns = encodedColumns(file, input);
  const [numbers, categories] = [numericFeatures(columns), columns.filter(isCategorical)];
  const named = { numbers: JSON.stringify(numbers.map(({ name }) => name)), categories: JSON.stringify(categories.map(({ name, categories: all }) => ({ name, categories: all }))) };
  return tableFile(input, { numbers, categories }, network, { ...options, metadata: { ...metadata, missing: input.missing, ...named } });
}

function imageFile({ channels, height, width }: ImageForm, network: Network, options: OnnxOptions): Uint8Array {
  const answers = (images: Tensor): readonly Tensor[] => answersOf(network, reshape(images, [-1, channels * height * width]));
  return toOnnx(answers, { images: zeros([1, channels, height, width]) }, options);
}

/** What the columns of a table are, for the file. */
interface TableColumns {
  readonly numbers: readonly Scaling[];
  readonly categories: readonly CategoryColumn[];
}

function tableFile({ missing }: TableForm, { numbers, categories }: TableColumns, network: Network, options: OnnxOptions): Uint8Array {
  const examples: Readonly<Record<string, Tensor>> = {
    ...(numbers.length === 0 ? {} : { numbers: zeros([1, numbers.length], { dtype: "float64" }) }),
    ...(categories.length === 0 ? {} : { categories: zeros([1, categories.length], { dtype: "int32" }) }),
  };
  const answers = (...inputs: readonly Tensor[]): readonly Tensor[] => {
    const given = Object.fromEntries(Object.keys(examples).map((name, at) => [name, inputs[at]]));
    const features = [
      ...(given["numbers"] === undefined ? [] : [standardized(given["numbers"], numbers, missing)]),
      ...(given["categories"] === undefined ? [] : oneHot(given["categories"], categories)),
    ];
    const all = answersOf(network, concat(features, 1));
    return given["numbers"] === undefined || missing === "mean" ? all : withoutMissing(given["numbers"], all);
  };
  return toOnnx(answers, examples, options);
}

/** `(x − mean) / scale` in float64, then float32. NaN is a missing value: it counts as the mean if the model was trained so. */
function standardized(x: Tensor, scalings: readonly Scaling[], missing: TableForm["missing"]): Tensor {
  const [means, scales] = [scalings.map(({ mean }) => mean), scalings.map(({ scale }) => scale)].map((values) => tensor(values, { dtype: "float64" })) as [Tensor, Tensor];
  const scaled = x.sub(means).div(scales).cast("float32");
  return missing === "mean" ? where(isNaN(scaled), 0, scaled) : scaled;
}

/** For each column, 1 at the index of the category; zeros for an index of none. */
function oneHot(indices: Tensor, columns: readonly CategoryColumn[]): readonly Tensor[] {
  return columns.map(({ categories }, at) => equal(slice(indices, [{}, { start: at, stop: at + 1 }]), arange(categories.length, { dtype: "int32" })).cast("float32"));
}

function answersOf(network: Network, features: Tensor): readonly [probabilities: Tensor, prediction: Tensor] {
  const probabilities = network instanceof Ensemble ? network.forward(features).cast("float32") : softmax(network.forward(features), 1);
  return [probabilities, argMax(probabilities, 1)];
}

/** NaN, and -1 as the class, for rows that lack a number: the model has no answer for them. */
function withoutMissing(numbers: Tensor, [probabilities, prediction]: readonly [Tensor, Tensor]): readonly Tensor[] {
  const isMissing = any(isNaN(numbers), 1);
  return [where(any(isNaN(numbers), 1, { keepAxes: true }), Number.NaN, probabilities), where(isMissing, -1, prediction)];
}
