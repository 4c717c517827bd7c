import { expandDates, Table, type Column, type DatePlan } from "@nn/data";
import { isMissing, type ColumnPlan } from "./column-plan.js";
import { numberIn } from "./numbers.js";
import type { RawTable } from "./raw-table.js";

/** Converts the planned columns of a raw table to numbers and categories; NaN or null where a value is missing. */
export function typedTable(raw: RawTable, plans: readonly ColumnPlan[]): Table {
  const columns = plans.map((plan): Column => {
    const at = raw.names.indexOf(plan.name);
    const values = raw.columns[at] ?? [];
    if (plan.kind === "number") return { name: plan.name, type: "numeric", values: Float64Array.from(values, (_, row) => numberIn(raw, at, row, plan.style)) };
    return { name: plan.name, type: "categorical", values: values.map((text) => (isMissing(text) ? null : text)) };
  });
  return expandDates(new Table(columns), plans.flatMap((plan): DatePlan[] => (plan.kind === "date" ? [{ column: plan.name, format: plan.format, parts: plan.parts }] : [])));
}

/** The columns of a typed table that come from a planned column. */
export function columnsOf(plan: ColumnPlan): readonly string[] {
  return plan.kind === "date" ? plan.parts.map((part) => `${plan.name} ${part}`) : [plan.name];
}
