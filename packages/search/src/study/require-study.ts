import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import { requireSpace } from "../space/space.js";

/** Refuses what is no study. */
export function requireStudy(operation: string, study: unknown): void {
  if (typeof study !== "object" || study === null || !("space" in study) || !("trials" in study)) {
    throw new ArgumentError(`${operation}: the study is ${describeValue(study)}, expected what createStudy gives; await it`);
  }
  requireSpace(operation, study.space);
  requireKind(operation, "trials", study.trials, "list");
}
