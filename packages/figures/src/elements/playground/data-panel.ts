import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { dataSets, limits, namesOf, type DataSetName } from "../../tasks/playground/choices.js";
import { classCount, isOwn } from "../../tasks/playground/settings.js";
import type { Context } from "./context.js";
import { range, select } from "./controls.js";
import { filled } from "../words.js";


/** What begins data of one's own. */
interface OwnActions {
  readonly draw: () => void;
  readonly drawPictures: () => void;
  readonly openTable: () => void;
}

/** The data that the network learns. */
export function dataPanel({ text, shared, set }: Context, own: OwnActions): TemplateResult {
  const names = namesOf(dataSets).filter((name) => dataSets[name].problem === shared.problem);
  const isReaders = isOwn(shared.data);
  const most = isOwn(shared.data) ? 0 : dataSets[shared.data].classes;
  return html`
    <section class="panel data" aria-label=${text.data}>
      <h2>${text.data}</h2>
      <div class="sets">
        ${names.map((name) => html`<button type="button" class="set" aria-pressed=${shared.data === name} @click=${() => set({ data: name, own: undefined })}>${icons[name]}<span>${text[name]}</span></button>`)}
      </div>
      <div class="own">
        <button type="button" aria-pressed=${shared.data === "points"} @click=${own.draw}>${text.draw}</button>
        ${shared.problem === "classification" ? html`<button type="button" aria-pressed=${shared.data === "pictures"} @click=${own.drawPictures}>${text.drawPictures}</button>` : ""}
        <button type="button" aria-pressed=${shared.data === "table"} @click=${own.openTable}>${text.table}</button>
      </div>
      ${shared.data === "table" ? html`<p class="note">${shared.own?.columns?.map(({ name }) => name).join(", ")} · ${filled(text.rows, shared.own?.inputs.length ?? 0)}</p>` : ""}
      ${most > 2 ? select(text.classes, Array.from({ length: most - 1 }, (_, at) => [at + 2, String(at + 2)]), classCount(shared), (classes) => set({ classes })) : ""}
      ${range(text.trainShare, { min: 10, max: 90, step: 10, value: shared.trainShare, text: filled(text.percent, shared.trainShare) }, (trainShare) => set({ trainShare }))}
      ${isReaders ? "" : range(text.noise, { min: 0, max: limits.noise, step: 5, value: shared.noise, text: String(shared.noise) }, (noise) => set({ noise }))}
      ${range(text.batch, { min: 1, max: limits.batchSize, step: 1, value: shared.batchSize, text: String(shared.batchSize) }, (batchSize) => set({ batchSize }))}
      <button type="button" class="wide" @click=${() => set({ seed: shared.seed + 1 })}>${text.otherData}</button>
    </section>`;
}

const picture = (content: SVGTemplateResult): TemplateResult => html`<svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">${content}</svg>`;
const [zero, one] = ["var(--nn-zero)", "var(--nn-one)"];

const icons: Readonly<Record<DataSetName, TemplateResult>> = {
  circle: picture(svg`<circle cx="16" cy="16" r="12.5" fill="none" stroke=${one} stroke-width="4" stroke-dasharray="3 2.6"/><circle cx="16" cy="16" r="5.5" fill=${zero}/>`),
  xor: picture(svg`<rect x="4" y="4" width="11" height="11" rx="2" fill=${zero}/><rect x="17" y="4" width="11" height="11" rx="2" fill=${one}/><rect x="4" y="17" width="11" height="11" rx="2" fill=${one}/><rect x="17" y="17" width="11" height="11" rx="2" fill=${zero}/>`),
  gauss: picture(svg`<circle cx="22" cy="10" r="6.5" fill=${zero}/><circle cx="10" cy="22" r="6.5" fill=${one}/>`),
  spiral: picture(svg`<path d="M16 16c3-3 6 0 5 4s-7 6-11 2-3-12 4-15" fill="none" stroke=${zero} stroke-width="3.2" stroke-linecap="round"/><path d="M16 16c-3 3-6 0-5-4s7-6 11-2 3 12-4 15" fill="none" stroke=${one} stroke-width="3.2" stroke-linecap="round"/>`),
  digits: picture(svg`<path d="M8 9c1-3 7-3 7 1 0 3-3 3-4 3 1 0 4.5 0.5 4.5 4 0 4.5-7 4.5-8 1" fill="none" stroke=${zero} stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/><path d="M18 9h7l-4.5 12" fill="none" stroke=${one} stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>`),
  plane: picture(svg`<defs><linearGradient id="nn-plane" x1="0" y1="1" x2="1" y2="0"><stop offset="0" stop-color=${zero}/><stop offset="0.5" stop-color="var(--nn-paper)"/><stop offset="1" stop-color=${one}/></linearGradient></defs><rect x="4" y="4" width="24" height="24" rx="3" fill="url(#nn-plane)" stroke="var(--nn-line)"/>`),
  bumps: picture(svg`<circle cx="8" cy="10" r="5" fill=${one}/><circle cx="16" cy="10" r="5" fill=${zero} fill-opacity="0.9"/><circle cx="24" cy="10" r="5" fill=${one}/><circle cx="8" cy="22" r="5" fill=${zero}/><circle cx="16" cy="22" r="5" fill=${one} fill-opacity="0.9"/><circle cx="24" cy="22" r="5" fill=${zero}/>`),
};
