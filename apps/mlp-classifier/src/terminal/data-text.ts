import type { ColumnReport } from "../data/columns.js";
import type { ColumnSummary } from "../data/unusable-table.js";
import { wrap } from "./facts.js";
import { counted, grouped } from "./format.js";
import { escapeControls } from "@nn/tensor/extend";
import { columnsOf, shorten, type Style } from "./style.js";
import { alignRows, fill } from "./table.js";

/** The most columns of a table that are shown; the report has all. */
const mostLines = 30;

/** Columns of a name. */
const nameColumns = 24;

/** On a narrower screen, the details of a column have a line of their own. */
const narrowColumns = 60;

/** How a column is read, in a word or two. */
export function readAs({ role, kind, distinct }: ColumnReport): string {
  if (role === "class") return kind === "number" ? "class (number)" : "class";
  if (role === "ignored") return "ignored";
  return kind === "category" ? counted(distinct, "category", "categories") : kind;
}

/** What else there is to say about a column. */
export function detailOf({ role, kind, distinct, detail }: ColumnReport): string {
  const reason = role === "ignored" ? `${kind === "unused" || kind === "empty" || kind === "constant" ? "" : `${kind}, `}${detail}` : role === "class" ? [counted(distinct, "class", "classes"), detail].filter(Boolean).join(", ") : detail;
  return escapeControls(reason);
}

/** How each column is read, and the warnings, for a screen of `width` characters. */
export function describeColumns({ columns, warnings }: ColumnSummary, style: Style, width: number): string[] {
  const shown = columns.length <= mostLines ? columns : [...columns.filter(({ role }) => role !== "feature"), ...columns.filter(({ role }) => role === "feature")].slice(0, mostLines);
  const missing = columns.some(({ missing: rows }) => rows > 0);
  const narrow = width < narrowColumns;
  const cells = [
    ["Column", "Read as", ...(missing ? ["Missing"] : [])],
    ...shown.map((column) => [
      shorten(escapeControls(column.name), narrow ? nameColumns / 2 : nameColumns), readAs(column), ...(missing ? [column.missing === 0 ? "–" : grouped(column.missing)] : []),
    ]),
  ];
  const heads = alignRows(cells, ["left", "left", "right"]);
  const headWidth = Math.max(...heads.map(columnsOf));
  const lines = heads.flatMap((line, at) => {
    const column = shown[at - 1];
    const detail = column === undefined ? "Values" : detailOf(column);
    const own = narrow ? [line, ...(column === undefined ? [] : wrap(detail, width - 2).map((each) => `  ${each}`))] : [shorten(`${fill(line, headWidth, "left")}  ${detail}`.trimEnd(), width)];
    return own.map((each, part) => (column === undefined ? style.bold(each) : column.role === "ignored" || part > 0 ? style.dim(each) : each));
  });
  if (shown.length < columns.length) lines.push(style.dim(shorten(`… and ${counted(columns.length - shown.length, "more column")}; the report has all`, width)));
  return [...lines, ...describeWarnings(warnings, style, width)];
}

/** Warnings, each with a mark. */
export function describeWarnings(warnings: readonly string[], style: Style, width: number): string[] {
  return warnings.flatMap((warning) => wrap(escapeControls(warning), width - 2).map((line, at) => (at === 0 ? `${style.warn("!")} ${line}` : `  ${line}`)));
}
