import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { requireSpace } from "../space/space.js";

/** Refuses values that are not studies. */
export function requireStudy(operation: string, study: unknown): void {
  if (typeof study !== "object" || study === null || !("space" in study) || !("trials" in study)) {
    throw new ArgumentError(`${operation}: the study is ${describeValue(study)}, expected a study of createStudy(), awaited`);
  }
  requireSpace(operation, study.space);
  requireKind(operation, "trials", study.trials, "list");
}
