import type { Recorder } from "@nn/records";
import type { Tensor } from "@nn/tensor";

/** Records the values of a run: numbers as scalars, square matrices named `confusion` as confusion matrices. Other values are not recorded. */
export function recordValues(recorder: Recorder, step: number, groups: object, others: Readonly<Record<string, number | undefined>>, classes: readonly string[] | undefined): void {
  const scalars: Record<string, number> = {};
  for (const [name, value] of Object.entries(others)) if (value !== undefined) scalars[name] = value;
  for (const [group, values] of Object.entries(groups)) {
    for (const [name, value] of Object.entries(Object(values) as Readonly<Record<string, unknown>>)) {
      if (typeof value === "number") scalars[`${group}.${name}`] = value;
      const counts = matrixOf(value);
      if (counts !== undefined) recorder.confusion(step, `${group}.${name}`, namesOf(counts.length, classes), counts);
    }
  }
  if (Object.keys(scalars).length > 0) recorder.scalars(step, scalars);
}

/** The rows of a square matrix of counts. */
function matrixOf(value: unknown): readonly (readonly number[])[] | undefined {
  const rows: unknown = isTensor(value) ? value.toArray() : value;
  if (!Array.isArray(rows) || rows.length === 0) return undefined;
  const isRow = (row: unknown): row is readonly number[] => Array.isArray(row) && row.length === rows.length && row.every((each) => Number.isSafeInteger(each) && each >= 0);
  return rows.every((row: unknown) => isRow(row)) ? rows : undefined;
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && "toArray" in value && typeof value.toArray === "function";
}

const namesOf = (count: number, classes: readonly string[] | undefined): readonly string[] =>
  classes?.length === count ? classes : Array.from({ length: count }, (_, at) => String(at));
