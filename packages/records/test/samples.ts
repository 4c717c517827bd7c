import type { RecordOf, RecordType, RunRecord } from "@nn/records";

/** A grey PNG of one pixel. */
export const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

/** A record of every kind. */
export const samples: { readonly [Type in RecordType]: RecordOf<Type> } = {
  scalars: { type: "scalars", step: 3, time: 1000, values: { "training.loss": 0.25, bad: NaN, high: Infinity, low: -Infinity } },
  histogram: {
    type: "histogram", step: 3, time: 1000, name: "weights/hidden.weight",
    edges: [-1, 0, 1], counts: [2, 3], mean: 0.1, deviation: 0.5, zeros: 1, nonFinite: 2, units: { count: 8, inactive: 3 },
  },
  confusion: {
    type: "confusion", step: 3, time: 1000, name: "validation", classes: ["cat", "dog"], counts: [[5, 1], [0, 4]],
    examples: [{ target: 0, predicted: 1, probability: 0.75, text: "row 7", image: { png: onePixel, width: 1, height: 1 } }],
  },
  images: { type: "images", step: 3, time: 1000, name: "samples", images: [{ png: onePixel, width: 1, height: 1, caption: "one" }] },
  text: { type: "text", step: 3, time: 1000, name: "sample", text: "a line\nand \u2028 another" },
  status: { type: "status", step: 0, time: 1000, state: "running", message: "started", totalSteps: 10, commands: ["pause", "stop"] },
  settings: { type: "settings", step: 0, time: 1000, settings: { learningRate: 0.1, layers: [784, 10], optimizer: { name: "Adam", nesterov: null, decoupled: true } } },
  program: { type: "program", step: 3, time: 1000, name: "train step", view: "profile", text: "kernel 1: 3 µs" },
};

export const everyKind: readonly RunRecord[] = Object.values(samples);
