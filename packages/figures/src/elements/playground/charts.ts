import { html, type TemplateResult } from "lit";
import type { Context } from "./context.js";
import { short } from "./controls.js";
import { filled } from "../words.js";


const [width, height] = [340, 96];

/** The losses by step: of the examples for training, and of those for testing, dashed. */
export function lossCurve({ text, view }: Context): TemplateResult {
  const { steps: at, train, test } = view?.curve ?? { steps: [], train: [], test: [] };
  const points = Array.from(at, (step, point) => ({ steps: step, train: train[point] ?? NaN, test: test[point] ?? NaN })).filter((point) => Number.isFinite(point.train + point.test));
  const [steps, highest] = [Math.max(1, points.at(-1)?.steps ?? 1), Math.max(1e-6, ...points.map((point) => Math.max(point.train, point.test)))];
  const x = (value: number): number => 2 + (value / steps) * (width - 4);
  const y = (value: number): number => height - 4 - (value / highest) * (height - 10);
  const path = (of: "train" | "test"): string => points.map((point) => `${x(point.steps).toFixed(1)},${y(point[of]).toFixed(1)}`).join(" ");
  return html`
    <svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label=${text.curve}>
      <line x1="0" x2=${width} y1=${height - 4} y2=${height - 4} stroke="var(--nn-line)"/>
      <polyline points=${path("train")} fill="none" stroke="var(--nn-third)" stroke-width="2"/>
      <polyline points=${path("test")} fill="none" stroke="var(--nn-ink)" stroke-width="2" stroke-dasharray="5 3"/>
    </svg>`;
}

const [smallest, largest] = [1e-6, 10];

/** The gradient of each layer's weights on a logarithmic scale with the number of dead units, and the size of the network. */
export function inside({ text, shared, view }: Context): TemplateResult {
  const percent = (gradient: number): number => (gradient > smallest ? Math.min(100, (100 * Math.log(gradient / smallest)) / Math.log(largest / smallest)) : 0);
  const parameters = view === undefined ? 0 : [...view.weights.flat(), ...view.biases].reduce((sum, { length }) => sum + length, 0);
  const deadIn = (layer: number): number => view?.dead[layer]?.filter(Boolean).length ?? 0;
  const rows = (view?.gradients ?? []).map((gradient, layer) => html`
    <div class="gradient"><span>${layer < shared.layers.length ? filled(text.hiddenLayer, layer + 1) : text.output}</span>
      <span class="bar" data-gradient=${gradient}><span style="width: ${percent(gradient)}%"></span></span>
      <span class="value">${short(gradient)}</span>
      <span class="value" data-dead=${deadIn(layer)}>${deadIn(layer) > 0 ? `${text.deadUnits}: ${deadIn(layer)}` : ""}</span></div>`);
  return html`
    <section class="inside" aria-label=${text.inside}>
      <h3>${text.gradients}</h3>
      ${rows}
      <p class="note">${text.parameters} <strong data-parameters=${parameters}>${parameters}</strong> · ${text.rateNow} <strong data-rate=${view?.learningRate ?? NaN}>${short(view?.learningRate ?? NaN)}</strong></p>
    </section>`;
}
