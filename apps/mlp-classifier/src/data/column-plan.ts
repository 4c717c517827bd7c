import { defaultMissingValues, type NumberStyle } from "@nn/data";
import { z } from "zod";
import { dateFormatSchema, datePartSchema } from "./dates.js";
import type { RawTable } from "./raw-table.js";

/** How the numbers of a column are written. */
const numberStyleSchema = z.enum(["point", "comma", "thousands"]) satisfies z.ZodType<NumberStyle>;

/** How a column is read; saved with the model, for other files. */
export const columnPlanSchema = z.discriminatedUnion("kind", [
  z.object({ name: z.string(), kind: z.literal("number"), style: numberStyleSchema }),
  z.object({ name: z.string(), kind: z.literal("category") }),
  z.object({ name: z.string(), kind: z.literal("date"), format: dateFormatSchema, parts: z.array(datePartSchema).min(1) }),
]);

export type ColumnPlan = z.infer<typeof columnPlanSchema>;

const missingValues: ReadonlySet<string> = new Set(defaultMissingValues);

/** Whether a text means a missing value. */
export function isMissing(text: string): boolean {
  return missingValues.has(text);
}

/** The texts of each column of a table; null where a value is missing. */
export function textsOf({ columns }: RawTable): (string | null)[][] {
  return columns.map((values) => values.map((text) => (isMissing(text) ? null : text)));
}
