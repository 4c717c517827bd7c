import { columnsOf } from "./style.js";

/** On which side a column has its texts. */
export type Alignment = "left" | "right";

/** The text with spaces to fill so many columns. */
export function fill(text: string, columns: number, alignment: Alignment): string {
  const spaces = " ".repeat(Math.max(0, columns - columnsOf(text)));
  return alignment === "left" ? text + spaces : spaces + text;
}

/** Lines of cells that stand below one another, two spaces between. */
export function alignRows(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const widths = alignments.map((_, column) => Math.max(0, ...rows.map((row) => columnsOf(row[column] ?? ""))));
  return rows.map((row) => alignments.map((alignment, column) => fill(row[column] ?? "", widths[column] ?? 0, alignment)).join("  ").trimEnd());
}
