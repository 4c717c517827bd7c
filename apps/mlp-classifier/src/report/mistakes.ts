import { TableEncoder } from "@nn/data";
import { interpolate } from "@nn/tensor";
import { weekdayColumns, weekdayName } from "../data/dates.js";
import type { ImageForm } from "../data/input-form.js";
import type { LoadedData } from "../data/loaded-data.js";
import type { Evaluation, Mistake } from "../evaluation/evaluate.js";
import { counted, percent, short } from "../terminal/format.js";
import { html, type Markup } from "./markup.js";
import { pngAddress } from "./png.js";

/** Number of mistakes to show. */
const mostShown = 48;

/** Pictures with longer sides are scaled down, so that the report stays small. */
const mostPixels = 128;

/** Number of guesses to show for each mistake. */
const guesses = 3;

/** The mistakes on the test split, as pictures or rows of a table, the most confident ones first. */
export async function mistakeGallery(data: LoadedData, { mistakes, examples }: Evaluation): Promise<Markup> {
  if (mistakes.length === 0) return html`<section><h2>Mistakes</h2><p>None: all of ${counted(examples, "test example")} were correct.</p></section>`;
  const shown = mistakes.slice(0, mostShown);
  const remark = shown.length < mistakes.length ? `the surest ${shown.length} of ${mistakes.length}` : mistakes.length === 1 ? "the only one" : `all ${mistakes.length}, the surest first`;
  const { input } = data;
  const gallery = input.kind === "image" ? html`<ul class="mistakes">${await Promise.all(shown.map((mistake) => picture(data, mistake, input)))}</ul>` : rows(data, shown);
  return html`<section><h2>Mistakes <small>${remark}</small></h2>${gallery}</section>`;
}

async function picture({ test, classes }: LoadedData, mistake: Mistake, { height, width, channels }: ImageForm): Promise<Markup> {
  const [x] = test.get(mistake.index);
  const scale = Math.min(1, mostPixels / Math.max(height, width));
  const [down, across] = [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))];
  const scaled = interpolate(x.reshape([1, channels, height, width]), { size: [down, across], mode: "area" }).reshape([channels, down, across]);
  const [truth, guess] = [classes[mistake.label] ?? "", classes[mistake.predicted] ?? ""];
  const likely = mistake.probabilities
    .map((probability, at) => ({ probability, at }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, guesses);
  return html`<li><img src="${await pngAddress(scaled)}" width="${across}" height="${down}" alt="an image of ${truth} predicted as ${guess}">
<div class="verdict"><span>is <b class="correct">${truth}</b></span><span>predicted <b class="wrong">${guess}</b></span></div>
${likely.map(({ probability, at }) => html`<div class="guess"><span title="${classes[at] ?? ""}">${classes[at] ?? ""}</span><i class="${at === mistake.label ? "correct" : at === mistake.predicted ? "wrong" : ""}" style="--fraction:${probability.toFixed(3)}"></i><span>${percent(probability, 0)}</span></div>`)}</li>`;
}

/** Number of feature columns to show. */
const mostFeatures = 12;

function rows({ testRows, classes, input }: LoadedData, shown: readonly Mistake[]): Markup {
  const names = input.kind === "table" ? Object.keys(TableEncoder.fromJSON(input.encoder).columnTypes).slice(0, mostFeatures) : [];
  const weekdays = weekdayColumns(input.kind === "table" ? input.columns : []);
  const body = shown.map(({ index, label, predicted, probabilities }) => {
    const row = testRows?.get(index) ?? {};
    return html`<tr><th scope="row">${classes[label] ?? ""}</th><td>${classes[predicted] ?? ""}</td><td>${percent(probabilities[predicted] ?? 0, 0)}</td>${names.map((name) => html`<td>${written(row[name], weekdays.has(name))}</td>`)}</tr>`;
  });
  return html`<div class="scroll"><table class="list"><thead><tr><th scope="col">Class</th><th scope="col">Taken for</th><th scope="col">Sure</th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function written(value: number | string | null | undefined, isWeekday: boolean): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (typeof value !== "number") return value;
  return isWeekday ? weekdayName(value) : short(value, 5);
}
