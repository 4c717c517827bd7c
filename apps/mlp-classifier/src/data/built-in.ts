import {
  blobs, circles, digits, fashionMnist, LabelEncoder, mnist, moons, spirals, Table, TableEncoder, xor, type ImageCollectionOptions,
  type LabelledDataset,
} from "@nn/data";
import type { BuiltInName } from "./built-in-names.js";
import type { ColumnPlan } from "./column-plan.js";
import { imageData, mnistForm } from "./images/image-data.js";
import type { DataSettings } from "./data-settings.js";
import type { LoadedData } from "./loaded-data.js";
import { encodeRows, splitTable } from "./table.js";

/** Number of points of every data set in the plane. */
const count = 1000;

/** The built-in data sets. They do not depend on the seed of the run, which only splits them, so that results stay comparable. */
const builtIn: Readonly<Record<BuiltInName, Source>> = {
  digits: (settings) => imageData("digits", { ...digits({ seed: 0 }), form: mnistForm }, settings),
  mnist: async (settings, onProgress) => imageData("mnist", { ...(await mnist({ onProgress })), form: mnistForm }, settings),
  fashionMnist: async (settings, onProgress) => imageData("fashionMnist", { ...(await fashionMnist({ onProgress })), form: mnistForm }, settings),
  xor: () => exclusiveOr(),
  blobs: (settings) => plane("blobs", blobs({ count, seed: 1 }), settings),
  moons: (settings) => plane("moons", moons({ count, seed: 1 }), settings),
  circles: (settings) => plane("circles", circles({ count, seed: 1 }), settings),
  spirals: (settings) => plane("spirals", spirals({ count, seed: 1 }), settings),
};

type Source = (settings: DataSettings, onProgress: DownloadListener) => LoadedData | Promise<LoadedData>;

/** A listener for the progress of a download. */
export type DownloadListener = NonNullable<ImageCollectionOptions["onProgress"]>;

/** Loads a built-in data set, and splits it by the settings. */
export async function loadBuiltIn(name: BuiltInName, settings: DataSettings, onProgress: DownloadListener): Promise<LoadedData> {
  return builtIn[name](settings, onProgress);
}

/** The name of the class column for points of the plane; the coordinates are `x` and `y`. */
const target = "class";

const planeColumns: readonly ColumnPlan[] = ["x", "y", target].map((name) => ({ name, kind: "number", style: "point" }));

function tableOf({ tensors: [x, y] }: LabelledDataset): Table {
  const coordinates = x.toTypedArray();
  const column = (axis: number): Float64Array => Float64Array.from({ length: y.size }, (_, at) => coordinates[2 * at + axis] as number);
  return new Table([
    { name: "x", type: "numeric", values: column(0) },
    { name: "y", type: "numeric", values: column(1) },
    { name: target, type: "numeric", values: Float64Array.from(y.toTypedArray()) },
  ]);
}

function plane(name: string, points: LabelledDataset, settings: DataSettings): LoadedData {
  const { summary: _, ...data } = splitTable(name, tableOf(points), { target, columns: planeColumns }, settings);
  return data;
}

/** The exclusive or has only four points: the training set repeats them, and they are also the test set. */
function exclusiveOr(): LoadedData {
  const corners = tableOf(xor());
  const encoder = TableEncoder.fit(corners, { exclude: [target] });
  const labels = LabelEncoder.fit(corners.numeric(target));
  const test = encodeRows(corners, encoder, labels, target);
  const train = encodeRows(corners.subset(Array.from({ length: count }, (_, at) => at % corners.length)), encoder, labels, target);
  return {
    name: "xor",
    classes: labels.classes.map(String),
    features: encoder.featureNames.length,
    source: null,
    input: { kind: "table", target, columns: planeColumns, missing: "error", encoder: encoder.toJSON(), labels: labels.toJSON() },
    train,
    validation: test,
    test,
    testRows: corners,
    remark: `There are only four points: an epoch contains each of them ${count / corners.length} times, and they are the test examples as well.`,
  };
}
