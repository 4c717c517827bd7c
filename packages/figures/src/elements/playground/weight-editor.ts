import { html, type TemplateResult } from "lit";
import { inputKind, possibleFeatures } from "../../tasks/playground/settings.js";
import type { Context, UnitPlace } from "./context.js";
import { unitName } from "./network-view.js";

/** The bias and the weights into a unit, which can be edited. */
export function weightEditor({ text, shared, view, change }: Context, place: UnitPlace | undefined, close: () => void): TemplateResult {
  const weights = place === undefined ? undefined : view?.weights[place.layer]?.[place.unit];
  if (place === undefined || weights === undefined) return html`<p class="note edit-hint">${text.edit}</p>`;
  const { layer, unit } = place;
  const isPicture = layer === 0 && inputKind(shared) === "pictures";
  const inputs = layer === 0 ? possibleFeatures(shared).filter(({ name }) => shared.features.includes(name)).map(({ label }) => label) : weights.map((_, from) => unitName(text, shared, { layer: layer - 1, unit: from }));
  const bias = view?.biases[layer]?.[unit] ?? 0;
  const edit = (from: number | undefined, value: number): void => change({ type: "weight", map: layer, to: unit, from, value });
  return html`
    <section class="editor" aria-label="${text.weightsOf} ${unitName(text, shared, place)}">
      <header><h3>${text.weightsOf} ${unitName(text, shared, place)}</h3><button type="button" class="small" aria-label=${text.close} @click=${close}>✕</button></header>
      <div class="weights">
        ${numberField(text.bias, bias, "bias", (value) => edit(undefined, value))}
        ${isPicture ? html`<div class="weight"><span>${text.weightPicture}</span><canvas class="crisp large" data-map="unit-${layer}-${unit}" role="img" aria-label=${text.weightPicture}></canvas></div>` : weights.map((weight, from) => numberField(inputs[from] ?? "", weight, String(from), (value) => edit(from, value)))}
      </div>
    </section>`;
}

/** A number with its name; the sign has its colour. */
function numberField(label: string, value: number, name: string, change: (value: number) => void): TemplateResult {
  const changed = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement) || event.target.value.trim() === "") return;
    const next = Number(event.target.value);
    if (Number.isFinite(next)) change(next);
  };
  return html`<label class="weight ${value < 0 ? "negative" : "positive"}"><span>${label}</span><input type="number" step="0.1" data-weight=${name} .value=${String(Number(value.toFixed(4)))} @input=${changed}></label>`;
}
