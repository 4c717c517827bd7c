import type { ColumnReport } from "../data/columns.js";
import type { DataSummary } from "../data/summary.js";
import { wrap } from "./facts.js";
import { counted, grouped } from "./format.js";
import { safeText } from "./safe-text.js";
import { columnsOf, shorten, type Style } from "./style.js";
import { fill } from "./table.js";

/** So many columns of a table have a line; what is not shown is in the report. */
const mostLines = 30;

/** Columns of a name. */
const nameColumns = 24;

/** What a column is taken for, in a word or two. */
export function takenFor({ role, kind, distinct }: ColumnReport): string {
  if (role === "class") return kind === "number" ? "class (number)" : "class";
  if (role === "left out") return "left out";
  return kind === "category" ? counted(distinct, "category", "categories") : kind;
}

/** What there is to know of a column beside that. */
export function detailOf({ role, kind, distinct, detail }: ColumnReport): string {
  const reason = role === "left out" ? `${kind === "ignored" || kind === "empty" || kind === "constant" ? "" : `${kind}, `}${detail}` : role === "class" ? [counted(distinct, "class", "classes"), detail].filter(Boolean).join(", ") : detail;
  return safeText(reason);
}

/** What was done with each column and with the rows, for a screen of so many columns. */
export function describeColumns({ columns, warnings }: DataSummary, style: Style, width: number): string[] {
  const shown = columns.length <= mostLines ? columns : [...columns.filter(({ role }) => role !== "feature"), ...columns.filter(({ role }) => role === "feature")].slice(0, mostLines);
  const missing = columns.some(({ missing: rows }) => rows > 0);
  const cells = [
    ["Column", "Taken for", ...(missing ? ["Missing"] : []), "Values"],
    ...shown.map((column) => [
      shorten(safeText(column.name), nameColumns), takenFor(column), ...(missing ? [column.missing === 0 ? "–" : grouped(column.missing)] : []), detailOf(column),
    ]),
  ];
  const widths = [0, 1, 2].map((at) => Math.max(...cells.map((row) => columnsOf(row[at] ?? ""))));
  const lines = cells.map((row, at) => {
    const name = fill(row[0] ?? "", widths[0] ?? 0, "left");
    const kind = fill(row[1] ?? "", widths[1] ?? 0, "left");
    const count = missing ? `  ${fill(row[2] ?? "", widths[2] ?? 0, "right")}` : "";
    const rest = row.at(-1) ?? "";
    const line = shorten(`${name}  ${kind}${count}  ${rest}`.trimEnd(), width);
    if (at === 0) return style.bold(line);
    return shown[at - 1]?.role === "left out" ? style.dim(line) : line;
  });
  if (shown.length < columns.length) lines.push(style.dim(shorten(`… and ${counted(columns.length - shown.length, "more column")}; the report has all`, width)));
  return [...lines, ...describeWarnings(warnings, style, width)];
}

/** Warnings, each with a mark. */
export function describeWarnings(warnings: readonly string[], style: Style, width: number): string[] {
  return warnings.flatMap((warning) => wrap(safeText(warning), width - 2).map((line, at) => (at === 0 ? `${style.warn("!")} ${line}` : `  ${line}`)));
}
