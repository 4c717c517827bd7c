import type { LoadedData } from "../data/loaded-data.js";
import { detailOf, readAs } from "../terminal/data-text.js";
import { counted, grouped, percent } from "../terminal/format.js";
import { html, type Markup } from "./markup.js";

/** The most columns and classes to list. */
const mostColumns = 200;
const mostClasses = 20;

/** The section about the data: the source, how each column was read, and the frequency of the classes. */
export function dataSection({ summary, classes }: LoadedData): Markup | undefined {
  if (summary === undefined) return undefined;
  const { columns, warnings, classCounts } = summary;
  const rows = columns.slice(0, mostColumns).map((column) => html`<tr class="${column.role === "ignored" ? "faded" : ""}"><th scope="row">${column.name}</th><td class="kind">${readAs(column)}</td><td>${column.missing === 0 ? "–" : grouped(column.missing)}</td><td class="text">${detailOf(column)}</td></tr>`);
  const more = columns.length > mostColumns ? html`<p class="note">${counted(columns.length - mostColumns, "more column")}.</p>` : null;
  return html`<section><h2>Data</h2>${warnings.length === 0 ? null : html`<ul class="warnings">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`}
<div class="columns"><div class="scroll"><table class="list columns-table"><thead><tr><th scope="col">Column</th><th scope="col" class="kind">Read as</th><th scope="col">Missing</th><th scope="col" class="text">Values</th></tr></thead><tbody>${rows}</tbody></table>${more}</div>${classTable(classes, classCounts)}</div></section>`;
}

function classTable(classes: readonly string[], counts: readonly number[]): Markup {
  const total = Math.max(1, counts.reduce((a, b) => a + b, 0));
  const highest = Math.max(1, ...counts);
  const sorted = classes.map((name, label) => ({ name, count: counts[label] ?? 0 })).toSorted((a, b) => b.count - a.count);
  const rows = sorted.slice(0, mostClasses).map(({ name, count }) => html`<tr><th scope="row">${name}</th><td>${grouped(count)}</td><td>${percent(count / total, 1)}</td><td class="wide"><span class="bar" style="--fraction:${(count / highest).toFixed(3)}"></span></td></tr>`);
  const rest = sorted.length > mostClasses ? html`<p class="note">${counted(sorted.length - mostClasses, "more class", "more classes")}, each with at most ${counted(sorted[mostClasses]?.count ?? 0, "example")}.</p>` : null;
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Class</th><th scope="col">Examples</th><th scope="col">Fraction</th><th class="wide"></th></tr></thead><tbody>${rows}</tbody></table>${rest}</div>`;
}
