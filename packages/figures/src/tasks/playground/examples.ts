import { randomSplit, TensorDataset } from "@nn/data";
import { concat, meshGrid, linspace, narrow, reshape, sin, tensor, zeros, type Tensor } from "@nn/tensor";
import type { FeatureName } from "./choices.js";
import { dataSetMakers, type Examples } from "./data-sets.js";
import { classCount, gridSide, inputCount, possibleFeatures, range, type PlaygroundSettings } from "./settings.js";

/** Features and targets of examples, as the network takes them. */
export type ExampleSet = TensorDataset<readonly [x: Tensor, y: Tensor]>;

/** An example as it is drawn. */
export interface DrawnExamples {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Classes, or values. */
  readonly targets: readonly number[];
}

/** What a network is trained and tested with. */
export interface Data {
  readonly train: ExampleSet;
  readonly test: ExampleSet;
  /** The chosen features at every point of the grid, `[gridSide², features]`. */
  readonly grid: Tensor;
  /** Each possible feature over the grid. */
  readonly featureMaps: Readonly<Record<string, Float32Array>>;
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

/** A feature of inputs `[n, inputs]`, `[n, 1]`: of the two coordinates, or a column of a table. */
function featureOf(name: string, inputs: Tensor): Tensor {
  const column = (at: number): Tensor => narrow(inputs, 1, at, 1);
  const rule = name in featureRules && inputs.shape[1] === 2 ? featureRules[name as FeatureName] : undefined;
  return rule === undefined ? column(Number(name.slice(1))) : rule(column(0), column(1));
}

const featuresOf = (names: readonly string[], inputs: Tensor): Tensor => concat(names.map((name) => featureOf(name, inputs)), 1);

function examplesOf({ data, own, problem, classes, noise, seed }: PlaygroundSettings): Examples {
  if (data !== "own") return dataSetMakers[data]({ classes, noise, seed });
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
  const grid = gridOf(inputCount(settings));
  const featureMaps = Object.fromEntries(possibleFeatures(settings).map(({ name }) => [name, Float32Array.from(featureOf(name, grid).toTypedArray())]));
  return { train: set(train), test: set(test), grid: featuresOf(settings.features, grid), featureMaps, drawn: { train: drawnOf(train), test: drawnOf(test) } };
}
