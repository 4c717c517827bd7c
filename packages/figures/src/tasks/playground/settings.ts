import { dataSets, features, limits, ownNames, picturePixels, pictureSide, type ActivationName, type DataSetName, type OptimizerName, type OwnName, type PenaltyName, type Problem, type ScheduleName } from "./choices.js";

/** Examples that a reader drew, or read from a table. */
export interface OwnData {
  /** The inputs of each example: numbers in the plane that is shown, from −6 to 6, or the pixels of a picture, row by row from the top left, from 0 (paper) to 1 (ink). */
  readonly inputs: readonly (readonly number[])[];
  /** The class of each example, or its value from −1 to 1. */
  readonly targets: readonly number[];
  /** The columns of a table: their names, and which numbers −5 and 5 stand for. Drawn points have none. */
  readonly columns?: readonly Column[];
  /** The column of a table whose values are learned: which numbers −1 and 1 stand for. */
  readonly target?: Column;
  /** The names of the classes in a table. */
  readonly classNames?: readonly string[];
}

/** A column of a table, and its lowest and highest number. */
export interface Column {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** Everything that decides how a network trains. Plain data. */
export interface PlaygroundSettings {
  readonly problem: Problem;
  readonly data: DataSetName | OwnName;
  /** Data of the reader, if `data` is of their own. */
  readonly own: OwnData | undefined;
  /** The number of classes of data sets that can have any. */
  readonly classes: number;
  /** In percent, 0 to 50. */
  readonly noise: number;
  /** The share of the examples to train with, in percent. */
  readonly trainShare: number;
  readonly batchSize: number;
  /** Names of features. Tables with more than two inputs have their columns as features, `c0`, `c1`, …, and pictures have `pixels`. */
  readonly features: readonly string[];
  /** The number of units of each hidden layer. */
  readonly layers: readonly number[];
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly schedule: ScheduleName;
  readonly penalty: PenaltyName;
  readonly penaltyRate: number;
  readonly batchNorm: boolean;
  /** The probability with which a hidden unit is left out. */
  readonly dropout: number;
  readonly seed: number;
}

export const firstSettings: PlaygroundSettings = {
  problem: "classification", data: "circle", own: undefined, classes: 2, noise: 0, trainShare: 50, batchSize: 10, features: ["x1", "x2"], layers: [4, 2], activation: "tanh",
  optimizer: "sgd", learningRate: 0.03, schedule: "constant", penalty: "none", penaltyRate: 0, batchNorm: false, dropout: 0, seed: 1,
};

/** The part of the plane that is shown, along both axes. */
export const range = [-6, 6] as const;

/** Maps have this many values along each side. */
export const gridSide = 50;

/** Whether data are of the reader. */
export const isOwn = (data: PlaygroundSettings["data"]): data is OwnName => ownNames.some((name) => name === data);

/** What an example is: a point of the plane, a row of a table with more than two columns, or a picture. */
export function inputKind({ data, own }: PlaygroundSettings): "plane" | "columns" | "pictures" {
  if (data === "pictures" || (!isOwn(data) && dataSets[data].inputs === "pictures")) return "pictures";
  return data === "table" && (own?.inputs[0]?.length ?? 2) > 2 ? "columns" : "plane";
}

/** The number of inputs: two coordinates, the columns of a table, or the pixels of a picture. */
export function inputCount(settings: PlaygroundSettings): number {
  const kind = inputKind(settings);
  return kind === "pictures" ? picturePixels : kind === "columns" ? (settings.own?.inputs[0]?.length ?? 2) : 2;
}

/** The number of values that the network takes: one for each feature, or the pixels of a picture. */
export function featureCount(settings: PlaygroundSettings): number {
  return inputKind(settings) === "pictures" ? picturePixels : settings.features.length;
}

/** The features that can be chosen for the inputs, with their labels. */
export function possibleFeatures(settings: PlaygroundSettings): readonly { readonly name: string; readonly label: string }[] {
  const kind = inputKind(settings);
  if (kind === "pictures") return [{ name: "pixels", label: `${pictureSide}×${pictureSide}` }];
  if (kind === "plane") return Object.entries(features).map(([name, { label }]) => ({ name, label }));
  return Array.from({ length: inputCount(settings) }, (_, at) => ({ name: `c${at}`, label: settings.own?.columns?.[at]?.name ?? `x${at + 1}` }));
}

/** The number of classes; 0 for a regression. */
export function classCount({ problem, data, own, classes }: PlaygroundSettings): number {
  if (problem === "regression") return 0;
  if (isOwn(data)) return Math.max(2, own?.classNames?.length ?? 0, ...(own?.targets ?? []).map((target) => target + 1));
  return Math.min(classes, dataSets[data].classes);
}

/** The names of the classes. */
export function classNames(settings: PlaygroundSettings): readonly string[] {
  const first = settings.data === "digits" ? 0 : 1;
  const named = isOwn(settings.data) ? settings.own?.classNames : undefined;
  return named ?? Array.from({ length: classCount(settings) }, (_, at) => String(first + at));
}

/** The number of outputs of the network: one logit decides between two classes. */
export function outputCount(settings: PlaygroundSettings): number {
  const classes = classCount(settings);
  return classes > 2 ? classes : 1;
}

/** Settings that fit one another: the data fit the problem, features fit the inputs, and batch normalisation has batches of more than one example. */
export function consistent(settings: PlaygroundSettings): PlaygroundSettings {
  const possible = possibleFeatures(settings).map(({ name }) => name);
  const chosen = possible.filter((name) => settings.features.includes(name));
  return {
    ...settings,
    features: chosen.length > 0 ? chosen : inputKind(settings) === "columns" ? possible : possible.slice(0, 2),
    layers: settings.layers.slice(0, limits.layers),
    batchSize: settings.batchNorm ? Math.max(2, settings.batchSize) : settings.batchSize,
  };
}

/** Whether training goes on with the weights when the settings change, instead of beginning anew: the network and the kind of data are the same. */
export function keepsWeights(before: PlaygroundSettings, after: PlaygroundSettings): boolean {
  const kept = (settings: PlaygroundSettings): string => {
    const { data, noise, trainShare, features: chosen, layers, activation, batchNorm, seed } = settings;
    return JSON.stringify([data, inputCount(settings), classCount(settings), noise, trainShare, chosen, layers, activation === "prelu", batchNorm, seed]);
  };
  return kept(before) === kept(after);
}

/** Whether only rates differ, which a training takes without stopping. */
export function onlyRatesDiffer(before: PlaygroundSettings, after: PlaygroundSettings): boolean {
  const others = (settings: PlaygroundSettings): string => JSON.stringify({ ...settings, own: undefined, learningRate: 0, schedule: "", penaltyRate: 0 });
  return before.own === after.own && others(before) === others(after);
}
