import type { EpochMetrics } from "../run/metrics-file.js";
import { loss, percent } from "../terminal/format.js";
import type { Architecture } from "./architecture.js";

/** A network in a line: `784 → 128 relu → 10`; an ensemble with the number of its members. */
export function describeArchitecture({ features, hidden, classes, activation, batchNorm, dropout, ensemble }: Architecture): string {
  const extras = `${batchNorm ? " norm" : ""} ${activation}${dropout > 0 ? ` drop ${dropout}` : ""}`;
  const perceptron = [String(features), ...hidden.map((width) => `${width}${extras}`), String(classes)].join(" → ");
  return ensemble === 1 ? perceptron : `${ensemble} x (${perceptron})`;
}

/** Describes which weights a run of so many epochs keeps, and what they reached on the validation examples. */
export function keptSentence(keep: "best" | "last", kept: EpochMetrics | undefined, epochs: number): string {
  if (kept === undefined) return "No epoch is complete.";
  const { epoch, validationLoss, validationAccuracy } = kept;
  if (validationLoss === null || validationAccuracy === null) return `The weights of epoch ${epoch} are kept, the last one.`;
  const values = `${loss(validationLoss)}, accuracy ${percent(validationAccuracy)}`;
  if (keep === "last") return `The weights of epoch ${epoch} are kept, the last one: validation loss ${values}.`;
  return `The weights of epoch ${epoch} are kept,${epoch === epochs ? " the last one," : ""} with the lowest validation loss: ${values}.`;
}
