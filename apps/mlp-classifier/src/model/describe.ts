import type { Architecture } from "./architecture.js";

/** A network in a line: `784 → 128 relu → 10`; an ensemble with the number of its members. */
export function describeArchitecture({ features, hidden, classes, activation, batchNorm, dropout, ensemble }: Architecture): string {
  const extras = `${batchNorm ? " norm" : ""} ${activation}${dropout > 0 ? ` drop ${dropout}` : ""}`;
  const perceptron = [String(features), ...hidden.map((width) => `${width}${extras}`), String(classes)].join(" → ");
  return ensemble === 1 ? perceptron : `${ensemble} x (${perceptron})`;
}

/** Describes which weights a run keeps. */
export function keptSentence(keep: "best" | "last", keptEpoch: number, epochs: number): string {
  if (keptEpoch === 0) return "No epoch is complete.";
  const which = keep === "last" ? "the last one" : keptEpoch === epochs ? "the last one, which has the lowest validation loss" : "which has the lowest validation loss";
  return `The weights of epoch ${keptEpoch} are kept, ${which}.`;
}
