// Everything that can be chosen in the playground, as plain data: the page, the worker and the exported program read the same tables.

/** A feature of the two coordinates, and how a program computes it: of tensors, and of plain numbers. */
interface Feature {
  readonly label: string;
  readonly code: string;
  readonly plain: string;
  /** The function of `@nn/tensor` that the code calls. */
  readonly uses?: string;
}

export const features = {
  x1: { label: "x₁", code: "x1", plain: "x1" },
  x2: { label: "x₂", code: "x2", plain: "x2" },
  x1x1: { label: "x₁²", code: "x1.square()", plain: "x1 * x1" },
  x2x2: { label: "x₂²", code: "x2.square()", plain: "x2 * x2" },
  x1x2: { label: "x₁x₂", code: "x1.mul(x2)", plain: "x1 * x2" },
  sinx1: { label: "sin x₁", code: "sin(x1)", plain: "Math.sin(x1)", uses: "sin" },
  sinx2: { label: "sin x₂", code: "sin(x2)", plain: "Math.sin(x2)", uses: "sin" },
} as const satisfies Readonly<Record<string, Feature>>;
export type FeatureName = keyof typeof features;

/** Data sets for each problem: points of the plane, or pictures. `classes` is the largest number of classes, 0 for a regression. */
export const dataSets = {
  circle: { problem: "classification", inputs: "plane", classes: 5 },
  xor: { problem: "classification", inputs: "plane", classes: 2 },
  gauss: { problem: "classification", inputs: "plane", classes: 5 },
  spiral: { problem: "classification", inputs: "plane", classes: 5 },
  digits: { problem: "classification", inputs: "pictures", classes: 10 },
  plane: { problem: "regression", inputs: "plane", classes: 0 },
  bumps: { problem: "regression", inputs: "plane", classes: 0 },
} as const satisfies Readonly<Record<string, { readonly problem: Problem; readonly inputs: "plane" | "pictures"; readonly classes: number }>>;
export type DataSetName = keyof typeof dataSets;

/** Data of the reader: points and pictures that are drawn, and a table. */
export const ownNames = ["points", "pictures", "table"] as const;
export type OwnName = (typeof ownNames)[number];

/** Width and height of a picture, in pixels. */
export const pictureSide = 14;
export const picturePixels = pictureSide ** 2;

export type Problem = "classification" | "regression";
export const problems = ["classification", "regression"] as const;

/** A layer of `@nn/layers`, and its arguments. */
interface Layer {
  readonly layer: string;
  readonly label: string;
}

export const activations = {
  relu: { layer: "ReLU", label: "ReLU" },
  tanh: { layer: "Tanh", label: "tanh" },
  sigmoid: { layer: "Sigmoid", label: "sigmoid" },
  linear: { layer: "Identity", label: "linear" },
  leaky: { layer: "LeakyReLU", label: "leaky ReLU" },
  prelu: { layer: "PReLU", label: "PReLU" },
  relu6: { layer: "ReLU6", label: "ReLU6" },
  elu: { layer: "ELU", label: "ELU" },
  celu: { layer: "CELU", label: "CELU" },
  selu: { layer: "SELU", label: "SELU" },
  gelu: { layer: "GELU", label: "GELU" },
  silu: { layer: "SiLU", label: "SiLU (swish)" },
  mish: { layer: "Mish", label: "Mish" },
  softplus: { layer: "Softplus", label: "softplus" },
  softsign: { layer: "Softsign", label: "softsign" },
  hardtanh: { layer: "Hardtanh", label: "hard tanh" },
  hardsigmoid: { layer: "Hardsigmoid", label: "hard sigmoid" },
  hardswish: { layer: "Hardswish", label: "hard swish" },
} as const satisfies Readonly<Record<string, Layer>>;
export type ActivationName = keyof typeof activations;
export type ActivationLayer = (typeof activations)[ActivationName]["layer"];

/** An optimizer of `@nn/optim`, with the options besides the learning rate. */
interface OptimizerChoice {
  readonly type: string;
  readonly label: string;
  readonly options: Readonly<Record<string, number | boolean>>;
}

export const optimizers = {
  sgd: { type: "SGD", label: "SGD", options: {} },
  momentum: { type: "SGD", label: "SGD, momentum", options: { momentum: 0.9 } },
  nesterov: { type: "SGD", label: "SGD, Nesterov", options: { momentum: 0.9, nesterov: true } },
  adam: { type: "Adam", label: "Adam", options: {} },
  adamw: { type: "AdamW", label: "AdamW", options: {} },
  nadam: { type: "NAdam", label: "NAdam", options: {} },
  radam: { type: "RAdam", label: "RAdam", options: {} },
  adamax: { type: "Adamax", label: "Adamax", options: {} },
  adagrad: { type: "Adagrad", label: "Adagrad", options: {} },
  adadelta: { type: "Adadelta", label: "Adadelta", options: {} },
  rmsprop: { type: "RMSprop", label: "RMSprop", options: {} },
  rprop: { type: "Rprop", label: "Rprop", options: {} },
  lion: { type: "Lion", label: "Lion", options: {} },
  asgd: { type: "ASGD", label: "ASGD", options: {} },
} as const satisfies Readonly<Record<string, OptimizerChoice>>;
export type OptimizerName = keyof typeof optimizers;
export type OptimizerType = (typeof optimizers)[OptimizerName]["type"];

/** Schedules reach their end after this many steps. */
const horizon = 5000;

/** A schedule of `@nn/optim`: a function of the learning rate and of options. */
interface ScheduleChoice {
  readonly type: string;
  readonly options: Readonly<Record<string, number>>;
}

export const schedules = {
  constant: { type: "constantRate", options: {} },
  step: { type: "stepDecay", options: { every: horizon / 5, factor: 0.5 } },
  exponential: { type: "exponentialDecay", options: { factor: 0.9995 } },
  cosine: { type: "cosineDecay", options: { steps: horizon } },
  restarts: { type: "cosineRestarts", options: { period: horizon / 5 } },
  warmup: { type: "linearWarmup", options: { steps: horizon / 10 } },
  onecycle: { type: "oneCycle", options: { steps: horizon } },
} as const satisfies Readonly<Record<string, ScheduleChoice>>;
export type ScheduleName = keyof typeof schedules;
export type ScheduleType = (typeof schedules)[ScheduleName]["type"];

export const penalties = ["none", "l1", "l2"] as const;
export type PenaltyName = (typeof penalties)[number];

export const learningRates = [0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] as const;
export const penaltyRates = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10] as const;

/** What a network and its data may be at most. Classes are those of data that are drawn or read. */
export const limits = { layers: 6, units: 8, classes: 5, batchSize: 100, noise: 50, points: 500, digits: 1000, pictures: 60, columns: 12 } as const;

/** The names of a table, in its order. */
export function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(table) as Name[];
}
