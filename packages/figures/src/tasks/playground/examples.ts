import { randomSplit, TensorDataset } from "@nn/data";
import { concat, meshGrid, linspace, narrow, reshape, sin, tensor, zeros, type Tensor } from "@nn/tensor";
import { picturePixels, type FeatureName } from "./choices.js";
import { dataSetMakers, type Examples } from "./data-sets.js";
import { classCount, gridSide, inputCount, inputKind, isOwn, possibleFeatures, range, type PlaygroundSettings } from "./settings.js";

/** Features and targets of examples, as the network takes them. */
export type ExampleSet = TensorDataset<readonly [x: Tensor, y: Tensor]>;

/** An example as it is drawn. */
export interface DrawnExamples {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Classes, or values. */
  readonly targets: readonly number[];
}

/** A picture, and its class. */
export interface LabelledPicture {
  readonly pixels: readonly number[];
  readonly target: number;
}

/** What a network is trained and tested with. */
export interface Data {
  readonly train: ExampleSet;
  readonly test: ExampleSet;
  /** The features for which the units are looked at: at every point of the grid, `[gridSide², features]`, or an empty picture, `[1, 196]`. */
  readonly probes: Tensor;
  /** Each possible feature over the grid. Pictures have none. */
  readonly featureMaps: Readonly<Record<string, Float32Array>>;
  /** Some of the pictures to train with, if they are generated. */
  readonly pictures: readonly LabelledPicture[];
  readonly drawn: { readonly train: DrawnExamples; readonly test: DrawnExamples };
}

const featureRules: Readonly<Record<FeatureName, (x1: Tensor, x2: Tensor) => Tensor>> = {
  x1: (x1) => x1,
  x2: (_, x2) => x2,
  x1x1: (x1) => x1.square(),
  x2x2: (_, x2) => x2.square(),
  x1x2: (x1, x2) => x1.mul(x2),
  sinx1: (x1) => sin(x1),
  sinx2: (_, x2) => sin(x2),
};

/** A feature of inputs `[n, inputs]`, `[n, 1]`: of the two coordinates, or a column of a table. Of pictures it is all pixels, `[n, 196]`. */
function featureOf(name: string, inputs: Tensor): Tensor {
  if (name === "pixels") return inputs;
  const column = (at: number): Tensor => narrow(inputs, 1, at, 1);
  const rule = name in featureRules && inputs.shape[1] === 2 ? featureRules[name as FeatureName] : undefined;
  return rule === undefined ? column(Number(name.slice(1))) : rule(column(0), column(1));
}

/** The features that a network takes, of inputs `[n, inputs]`. */
export const featuresOf = (names: readonly string[], inputs: Tensor): Tensor => concat(names.map((name) => featureOf(name, inputs)), 1);

function examplesOf({ data, own, problem, classes, noise, seed }: PlaygroundSettings): Examples {
  if (!isOwn(data)) return dataSetMakers[data]({ classes, noise, seed });
  const { inputs, targets } = own ?? { inputs: [], targets: [] };
  return { inputs: tensor(inputs), targets: problem === "regression" ? tensor(targets.map((value) => [value])) : tensor(targets, { dtype: "int32" }) };
}

/** The grid of the plane, from the lower left to the upper right, row by row. Other columns of a table have the middle of their range. */
function gridOf(inputs: number): Tensor {
  const along = linspace(range[0], range[1], gridSide);
  const [x1, x2] = meshGrid([along, along], { indexing: "xy" }).map((each) => reshape(each, [gridSide ** 2, 1]));
  if (x1 === undefined || x2 === undefined) throw new RangeError("the grid has no two axes");
  return concat([x1, x2, ...(inputs > 2 ? [zeros([gridSide ** 2, inputs - 2])] : [])], 1);
}

/** The most pictures that are shown. */
const mostShown = 40;

function picturesOf({ tensors: [inputs, targets] }: TensorDataset<readonly [Tensor, Tensor]>): readonly LabelledPicture[] {
  const labels = targets.toTypedArray();
  return (narrow(inputs, 0, 0, Math.min(mostShown, labels.length)).toArray() as number[][]).map((pixels, at) => ({ pixels, target: labels[at] ?? 0 }));
}

const noPoints: DrawnExamples = { x: [], y: [], targets: [] };

function drawnOf(set: TensorDataset<readonly [Tensor, Tensor]>): DrawnExamples {
  const [inputs, targets] = set.tensors;
  const rows = inputs.toArray() as number[][];
  return { x: rows.map(([x]) => x ?? 0), y: rows.map(([, y]) => y ?? 0), targets: [...targets.toTypedArray()] };
}

/** The examples of some settings, divided at random into those for training and for testing. */
export function dataOf(settings: PlaygroundSettings): Data {
  const { inputs, targets } = examplesOf(settings);
  const length = inputs.shape[0] ?? 0;
  const training = Math.min(length - 1, Math.max(1, Math.round((length * settings.trainShare) / 100)));
  const [train, test] = randomSplit(new TensorDataset(inputs, targets), [training, length - training], { seed: settings.seed });
  const isBinary = classCount(settings) === 2;
  const set = ({ tensors: [x, y] }: TensorDataset<readonly [Tensor, Tensor]>): ExampleSet =>
    new TensorDataset(featuresOf(settings.features, x), isBinary ? y.cast("float32").reshape([-1, 1]) : y);
  const sets = { train: set(train), test: set(test) };
  if (inputKind(settings) === "pictures") return { ...sets, probes: zeros([1, picturePixels]), featureMaps: {}, pictures: isOwn(settings.data) ? [] : picturesOf(train), drawn: { train: noPoints, test: noPoints } };
  const grid = gridOf(inputCount(settings));
  const featureMaps = Object.fromEntries(possibleFeatures(settings).map(({ name }) => [name, Float32Array.from(featureOf(name, grid).toTypedArray())]));
  return { ...sets, probes: featuresOf(settings.features, grid), featureMaps, pictures: [], drawn: { train: drawnOf(train), test: drawnOf(test) } };
}
