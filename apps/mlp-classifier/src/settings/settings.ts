import { character, choice, count, imageSize, names, number, onOff, optional, text, widths, type Kind } from "./kind.js";

/** A setting of a training run, on the command line or in a configuration file. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  readonly fallback: T;
  /** For `--help`. */
  readonly about: string;
  /** The default as `--help` shows it, if its value says too little. */
  readonly fallbackText?: string;
  /** The heading in `--help`. */
  readonly group: "Data" | "Model" | "Training";
  /** The name of the value in `--help`, if that of the kind is too general. */
  readonly placeholder?: string;
}

const fraction: Kind<number> = number({ least: 0, below: 1 });

/** All settings of a run: their names in a configuration file and, with dashes, on the command line. */
export const settings = {
  data: {
    kind: text("<source>"), fallback: "digits", group: "Data",
    about: "digits, mnist, fashionMnist, xor, blobs, moons, circles or spirals; a folder of IDX files, or with a folder of images for each class; or a CSV, JSON or Parquet file",
  },
  target: {
    kind: optional(text("<column>")), fallback: null, group: "Data",
    about: "the column of a table that holds the class", fallbackText: "none; a table needs it",
  },
  ignore: { kind: optional(names), fallback: null, group: "Data", about: "columns of a table to ignore, comma-separated", fallbackText: "none" },
  categorical: {
    kind: optional(names), fallback: null, group: "Data", fallbackText: "found",
    about: "columns of a table to read as categories, comma-separated",
  },
  numeric: {
    kind: optional(names), fallback: null, group: "Data", fallbackText: "found",
    about: "columns of a table to read as numbers, comma-separated; other values count as missing",
  },
  header: { kind: onOff, fallback: true, group: "Data", about: "read column names from the first line of a CSV file; otherwise they are 1, 2, …" },
  delimiter: { kind: optional(character), fallback: null, group: "Data", about: "the character between the fields of a CSV file, or tab", fallbackText: "found" },
  comment: { kind: optional(character), fallback: null, group: "Data", about: "ignore the lines of a CSV file that begin with this character", fallbackText: "none" },
  skipLines: { kind: count({ least: 0 }), fallback: 0, group: "Data", about: "ignore this many lines at the beginning of a CSV file, such as a title", placeholder: "<count>" },
  numbers: {
    kind: choice("auto", "point", "comma", "thousands"), fallback: "auto", group: "Data", placeholder: "<style>",
    about: "how the numbers of a table are written: point (1234.5), comma (1234,5), thousands (1,234.5), or auto to find it",
  },
  dates: {
    kind: choice("auto", "day-month", "month-day"), fallback: "auto", group: "Data", placeholder: "<order>",
    about: "what comes first in dates such as 05/03/2022: the day (day-month), the month (month-day), or auto to find it",
  },
  missing: {
    kind: choice("error", "drop", "mean"), fallback: "error", group: "Data", placeholder: "<policy>",
    about: "what to do with a missing value in a table: error, drop the row, or fill in the mean of the column; drop and mean also drop rows without a class",
  },
  imageSize: {
    kind: optional(imageSize), fallback: null, group: "Data", fallbackText: "all images must have one size",
    about: "resize the images of a folder to this height and width, such as 28 or 28x40",
  },
  testData: {
    kind: optional(text("<source>")), fallback: null, group: "Data", fallbackText: "the data's own test examples, or a part held out",
    about: "a file or folder of the same form with the test examples",
  },
  testSplit: { kind: number({ above: 0, below: 1 }), fallback: 0.1, group: "Data", about: "fraction of the examples held out for the test, if the data have no test examples", placeholder: "<fraction>" },
  validationSplit: { kind: fraction, fallback: 0.1, group: "Data", about: "fraction of the training examples held out for validation; 0 for none", placeholder: "<fraction>" },

  hidden: { kind: widths, fallback: [128], group: "Model", about: "widths of the hidden layers, such as 128,64, or none" },
  activation: {
    kind: choice("relu", "leaky-relu", "prelu", "elu", "gelu", "silu", "tanh", "sigmoid", "maxout"), fallback: "relu", group: "Model",
    about: "relu, leaky-relu, prelu, elu, gelu, silu, tanh, sigmoid or maxout",
  },
  dropout: { kind: fraction, fallback: 0, group: "Model", about: "probability of dropping a hidden unit", placeholder: "<fraction>" },
  batchNorm: { kind: onOff, fallback: false, group: "Model", about: "normalise the hidden layers over each batch" },
  ensemble: {
    kind: count({ least: 1, most: 100 }), fallback: 1, group: "Model", placeholder: "<count>",
    about: "how many networks, with different initial weights, predict together by the mean of their probabilities",
  },

  optimizer: { kind: choice("adam", "adamw", "sgd", "rmsprop"), fallback: "adam", group: "Training", about: "adam, adamw, sgd or rmsprop" },
  learningRate: {
    kind: optional(number({ above: 0 })), fallback: null, group: "Training", about: "size of a step",
    fallbackText: "0.001; 0.05 with sgd", placeholder: "<rate>",
  },
  momentum: {
    kind: optional(number({ least: 0, below: 1 })), fallback: null, group: "Training", about: "fraction of the velocity that sgd and rmsprop keep",
    fallbackText: "0.9 with sgd, 0 with rmsprop", placeholder: "<fraction>",
  },
  schedule: {
    kind: choice("constant", "step", "exponential", "cosine", "warmup-cosine", "one-cycle", "plateau"), fallback: "constant", group: "Training",
    about: "the learning rate over the run: constant, step, exponential, cosine, warmup-cosine, one-cycle or plateau",
  },
  weightDecay: { kind: optional(number({ least: 0 })), fallback: null, group: "Training", about: "strength of the pull of weights to zero", fallbackText: "0.01 with adamw, otherwise 0" },
  classWeights: {
    kind: choice("none", "balanced"), fallback: "none", group: "Training", placeholder: "<mode>",
    about: "how much the examples of a class count in the loss: all alike (none), or so that all classes count equally (balanced)",
  },
  labelSmoothing: { kind: fraction, fallback: 0, group: "Training", about: "fraction of each target spread over all classes", placeholder: "<fraction>" },
  clipNorm: { kind: optional(number({ above: 0 })), fallback: null, group: "Training", about: "largest norm of the gradient; larger ones are scaled down", fallbackText: "no limit" },
  epochs: {
    kind: optional(count({ least: 1 })), fallback: null, group: "Training", about: "passes through the training examples",
    fallbackText: "20; 100 for tables and points",
  },
  batchSize: { kind: optional(count({ least: 1 })), fallback: null, group: "Training", about: "examples in a step", fallbackText: "64; 32 for tables and points" },
  patience: {
    kind: count({ least: 0 }), fallback: 0, group: "Training", placeholder: "<epochs>",
    about: "stop after this many epochs without a lower validation loss; 0 never stops",
  },
  keep: {
    kind: optional(choice("best", "last")), fallback: null, group: "Training", placeholder: "<epoch>",
    about: "which weights to keep: those with the lowest validation loss (best), or the last", fallbackText: "best; last without validation",
  },
  compile: { kind: onOff, fallback: true, group: "Training", about: "compile steps to WebAssembly" },
  threads: {
    kind: optional(count({ least: 1, most: 64 })), fallback: null, group: "Training", about: "threads of a compiled step; results do not depend on it",
    fallbackText: "1 for small models, otherwise as many as help",
  },
  seed: { kind: count({ least: 0, most: 2 ** 32 - 1 }), fallback: 1, group: "Training", about: "seed of all random numbers: the same seed gives the same results", placeholder: "<number>" },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** The name of a setting. */
export type SettingName = keyof typeof settings;

type ValueOf<S> = S extends { readonly kind: Kind<infer T> } ? T : never;

/** A value for every setting. */
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> };

/** Names of all settings, in their order. */
export const settingNames = Object.keys(settings) as readonly SettingName[];

/** The setting with a name, without its own type: for code that treats all settings alike. */
export function settingOf(name: SettingName): Setting<unknown> {
  return settings[name];
}

/** `learningRate` as the command line calls it: `--learning-rate`. */
export function flagOf(name: SettingName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The default of every setting. */
export const fallbacks: Settings = fallbacksOf(settings);

function fallbacksOf(all: Readonly<Record<string, Setting<unknown>>>): Settings {
  const values: unknown = Object.fromEntries(Object.entries(all).map(([name, { fallback }]) => [name, fallback]));
  return values as Settings;
}

/** Names that other programs use for these settings. */
const otherNames: Readonly<Record<string, SettingName>> = {
  lr: "learningRate", drop: "ignore", exclude: "ignore", layers: "hidden", units: "hidden", label: "target", class: "target", batch: "batchSize", l2: "weightDecay",
  earlyStopping: "patience", input: "data", file: "data", categories: "categorical", valSplit: "validationSplit", scheduler: "schedule", wd: "weightDecay",
};

/** The setting that others call by a name, in camelCase or with dashes. */
export function settingByOtherName(name: string): SettingName | undefined {
  const key = name.replace(/-[a-z]/g, (match) => match.slice(1).toUpperCase());
  return Object.hasOwn(otherNames, key) ? otherNames[key] : undefined;
}
