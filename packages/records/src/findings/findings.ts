import { requireKind } from "@nn/tensor/extend";
import { requireRecord } from "../encode.js";
import type { HistogramRecord, RunRecord } from "../run-record.js";
import type { Finding } from "./finding.js";
import { findingsIn } from "./rules.js";

/**
 * Finds likely problems in the records of a run, and describes them in words: dead units, vanishing gradients, weights that hardly change, a loss that is
 * not finite, overfitting. The page of `@nn/dashboard` and `inspectModel` of `@nn/train` use the same rules. Each is a rule of thumb, not a proof.
 *
 * @example
 * ```ts
 * import { findingsOf } from "@nn/records";
 *
 * const [finding] = findingsOf([{ type: "scalars", step: 40, time: 0, values: { "training.loss": NaN } }]);
 * finding?.text; // => "it is not finite from step 40 on"
 * ```
 * @throws ArgumentError for invalid records.
 */
export function findingsOf(records: readonly RunRecord[]): Finding[] {
  requireKind("findingsOf", "the records", records, "list");
  const histograms = new Map<string, HistogramRecord>();
  const scalars = new Map<string, { steps: number[]; values: number[] }>();
  for (const [at, given] of records.entries()) {
    const record = requireRecord(`findingsOf: record ${at}`, given);
    if (record.type === "histogram") histograms.set(record.name, record);
    if (record.type !== "scalars") continue;
    for (const [name, value] of Object.entries(record.values)) {
      const series = scalars.get(name) ?? { steps: [], values: [] };
      scalars.set(name, series);
      series.steps.push(record.step);
      series.values.push(value);
    }
  }
  return findingsIn({ histograms, scalars });
}
