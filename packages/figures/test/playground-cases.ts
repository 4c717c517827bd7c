import { picturePixels } from "../src/tasks/playground/choices.js";
import type { PlaygroundSettings } from "../src/tasks/playground/settings.js";

const own = { inputs: [[-2, 1], [3, 4], [-1, -5], [2, 2], [0, 1], [4, -4], [-3, 3], [1, 1]], targets: [0, 1, 2, 1, 0, 2, 0, 1] };
const settings: readonly Partial<PlaygroundSettings>[] = [
  {},
  { data: "circle", classes: 4, noise: 20, features: ["x1x1", "x2x2", "x1x2"], layers: [5], penalty: "l2", penaltyRate: 0.01 },
  { data: "xor", noise: 10, activation: "relu", batchNorm: true, optimizer: "adam", schedule: "cosine" },
  { data: "gauss", classes: 3, noise: 30, layers: [], optimizer: "nesterov", trainShare: 30, batchSize: 7 },
  { data: "spiral", features: ["x1", "x2", "sinx1", "sinx2"], layers: [6, 4, 2], activation: "gelu", dropout: 0.25, optimizer: "adamw", penalty: "l1", penaltyRate: 0.001, seed: 9 },
  { problem: "regression", data: "plane", noise: 25, activation: "linear", schedule: "warmup" },
  { problem: "regression", data: "bumps", layers: [8], activation: "prelu", optimizer: "rmsprop", learningRate: 0.001 },
  { data: "points", own, batchSize: 3, batchNorm: true },
  { problem: "regression", data: "points", own: { inputs: own.inputs, targets: own.targets.map((target) => target - 1) }, features: ["sinx2"] },
  { data: "digits", classes: 10, noise: 10, layers: [8], batchSize: 32 },
  { data: "pictures", own: { inputs: own.inputs.map((_, at) => Array.from({ length: picturePixels }, (__, pixel) => ((at + pixel) % 4) / 3)), targets: own.targets }, layers: [3], trainShare: 70, batchSize: 2 },
  { data: "table", own: { inputs: own.inputs.map((point) => [...point, 1]), targets: own.targets, columns: ["a", 'the "b"', "c"].map((name) => ({ name, low: 0, high: 1 })), classNames: ["x", "y", "z"] }, features: ["c0", "c2"] },
];

/** Settings that differ in data, features, network and training, and what they are called. */
export const cases = settings.map((change) => [JSON.stringify({ ...change, own: undefined }), change] as const);
