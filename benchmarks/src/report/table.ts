/** The alignment of the columns after the first: numbers to the right, text to the left. */
export type Alignment = "numbers" | "text";

/** A table in Markdown, padded so that it is also readable as text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], alignment: Alignment = "numbers"): string {
  const all = [head, ...rows].map((row) => head.map((_, column) => (row[column] ?? "").replaceAll("|", "\\|")));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => [...(row[column] ?? "")].length)));
  const toTheLeft = (column: number): boolean => column === 0 || alignment === "text";
  const cell = (text: string, column: number): string => {
    const space = " ".repeat((widths[column] ?? 0) - [...text].length);
    return toTheLeft(column) ? text + space : space + text;
  };
  const line = (row: readonly string[]): string => `| ${row.map(cell).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (toTheLeft(column) ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [first = [], ...others] = all;
  return [line(first), rule, ...others.map(line)].join("\n");
}
