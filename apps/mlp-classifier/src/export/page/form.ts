import type { TableForm } from "../../data/input-form.js";
import { html, type Markup } from "../../report/markup.js";
import type { DateColumn, EncodedColumn, NumberColumn, Scaling } from "../encoded-columns.js";

/** A form with a field for each column, filled in with a usual row. */
export function formMarkup(columns: readonly EncodedColumn[], { missing }: TableForm): Markup {
  const required = missing !== "mean";
  return html`<form>
<div class="fields">
${columns.map((column, at) => field(column, `field-${at}`, required))}</div>
<p class="tools"><button type="reset">Usual values</button>${required ? null : html` <span class="note">An empty field is a missing value.</span>`}</p>
</form>`;
}

function field(column: EncodedColumn, id: string, required: boolean): Markup {
  return html`<div class="field"><label for="${id}">${column.name}</label>
${control(column, id, required ? html` required` : html``)}<small id="${id}-hint">${hintOf(column)}</small></div>
`;
}

function control(column: EncodedColumn, id: string, required: Markup): Markup {
  const attributes = html`id="${id}" name="${id}" aria-describedby="${id}-hint"${required}`;
  if (column.kind === "number") return html`<input type="number" step="any" value="${usual(column)}" ${attributes}>`;
  if (column.kind === "date") return html`<input ${dateType(column)} value="${usualDate(column)}" ${attributes}>`;
  return html`<select ${attributes}>${required.text === "" ? html`<option value=""></option>` : null}${column.categories.map((each, at) => html`<option value="${at}"${at === 0 ? html` selected` : null}>${each}</option>`)}<option value="${column.categories.length}">another value</option></select>`;
}

/** As many decimals as two digits of the scale have. */
function rounded(value: number, { scale }: Scaling): string {
  return String(Number(value.toFixed(Math.min(100, Math.max(0, 1 - Math.floor(Math.log10(scale)))))));
}

/** The mean of the training rows. */
const usual = (column: NumberColumn): string => rounded(column.mean, column);

function hintOf(column: EncodedColumn): string {
  if (column.kind === "number") return `mostly ${rounded(column.mean - column.scale, column)} to ${rounded(column.mean + column.scale, column)}`;
  return column.kind === "date" ? "date" : `${column.categories.length} values`;
}

const timeParts: ReadonlySet<string> = new Set(["hour", "minute", "second"]);
const hasTime = ({ parts }: DateColumn): boolean => parts.some(({ part }) => timeParts.has(part));
const dateType = (column: DateColumn): Markup => (hasTime(column) ? html`type="datetime-local" step="1"` : html`type="date"`);

/** The date whose parts are the means of the training rows, as far as there are such parts. */
function usualDate(column: DateColumn): string {
  const digits = (part: string, length: number, otherwise: number): string => String(Math.round(column.parts.find((each) => each.part === part)?.mean ?? otherwise)).padStart(length, "0");
  const day = String(Math.min(28, Number(digits("day", 2, 1)))).padStart(2, "0");
  const date = `${digits("year", 4, 2000)}-${digits("month", 2, 1)}-${day}`;
  return hasTime(column) ? `${date}T${digits("hour", 2, 0)}:${digits("minute", 2, 0)}` : date;
}

/** Predicts whenever a field changes. */
export const formScript = String.raw`const form = document.querySelector("form");
const fields = columns.map((_, at) => form.elements["field-" + at]);

/** A text that is none of the categories. */
const otherThan = (categories) => categories.reduce((text, each) => (each.startsWith(text) ? each + "…" : text), "another value");

/** The value of a field; null if it is empty. A choice is the index of its category, and the last one none of them. */
function valueOf(field, { kind, categories }) {
  if (field.value === "") return null;
  if (kind === "category") return categories[Number(field.value)] ?? otherThan(categories);
  return kind === "number" ? field.valueAsNumber : field.value;
}

function update() {
  for (const field of fields) field.setAttribute("aria-invalid", String(!field.validity.valid));
  const wrong = fields.findIndex((field) => !field.validity.valid);
  if (wrong >= 0) {
    explain(columns[wrong].name + ": " + fields[wrong].validationMessage, true);
    return;
  }
  try {
    show(predict(Object.fromEntries(columns.map((column, at) => [column.name, valueOf(fields[at], column)]))));
  } catch (error) {
    explain(error.message, true);
  }
}

form.addEventListener("input", update);
form.addEventListener("submit", (event) => event.preventDefault());
// The fields change after the event.
form.addEventListener("reset", () => setTimeout(update));
update();
`;
