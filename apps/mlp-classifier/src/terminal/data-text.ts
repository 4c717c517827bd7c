import type { ColumnReport } from "../data/columns.js";
import type { DataSummary } from "../data/summary.js";
import { wrap } from "./facts.js";
import { counted, grouped } from "./format.js";
import { escapeControls } from "@nn/tensor/extend";
import { columnsOf, shorten, type Style } from "./style.js";
import { alignRows, fill } from "./table.js";

/** So many columns of a table have a line; what is not shown is in the report. */
const mostLines = 30;

/** Columns of a name. */
const nameColumns = 24;

/** On a narrower screen, what there is to know of a column has a line of its own. */
const narrowColumns = 60;

/** What a column is taken for, in a word or two. */
export function takenFor({ role, kind, distinct }: ColumnReport): string {
  if (role === "class") return kind === "number" ? "class (number)" : "class";
  if (role === "left out") return "left out";
  return kind === "category" ? counted(distinct, "category", "categories") : kind;
}

/** What there is to know of a column beside that. */
export function detailOf({ role, kind, distinct, detail }: ColumnReport): string {
  const reason = role === "left out" ? `${kind === "ignored" || kind === "empty" || kind === "constant" ? "" : `${kind}, `}${detail}` : role === "class" ? [counted(distinct, "class", "classes"), detail].filter(Boolean).join(", ") : detail;
  return escapeControls(reason);
}

/** What was done with each column and with the rows, for a screen of so many columns. */
export function describeColumns({ columns, warnings }: DataSummary, style: Style, width: number): string[] {
  const shown = columns.length <= mostLines ? columns : [...columns.filter(({ role }) => role !== "feature"), ...columns.filter(({ role }) => role === "feature")].slice(0, mostLines);
  const missing = columns.some(({ missing: rows }) => rows > 0);
  const narrow = width < narrowColumns;
  const cells = [
    ["Column", "Taken for", ...(missing ? ["Missing"] : [])],
    ...shown.map((column) => [
      shorten(escapeControls(column.name), narrow ? nameColumns / 2 : nameColumns), takenFor(column), ...(missing ? [column.missing === 0 ? "–" : grouped(column.missing)] : []),
    ]),
  ];
  const heads = alignRows(cells, ["left", "left", "right"]);
  const headWidth = Math.max(...heads.map(columnsOf));
  const lines = heads.flatMap((line, at) => {
    const column = shown[at - 1];
    const detail = column === undefined ? "Values" : detailOf(column);
    const own = narrow ? [line, ...(column === undefined ? [] : wrap(detail, width - 2).map((each) => `  ${each}`))] : [shorten(`${fill(line, headWidth, "left")}  ${detail}`.trimEnd(), width)];
    return own.map((each, part) => (column === undefined ? style.bold(each) : column.role === "left out" || part > 0 ? style.dim(each) : each));
  });
  if (shown.length < columns.length) lines.push(style.dim(shorten(`… and ${counted(columns.length - shown.length, "more column")}; the report has all`, width)));
  return [...lines, ...describeWarnings(warnings, style, width)];
}

/** Warnings, each with a mark. */
export function describeWarnings(warnings: readonly string[], style: Style, width: number): string[] {
  return warnings.flatMap((warning) => wrap(escapeControls(warning), width - 2).map((line, at) => (at === 0 ? `${style.warn("!")} ${line}` : `  ${line}`)));
}
