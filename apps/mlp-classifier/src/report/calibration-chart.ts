import type { Calibration } from "../evaluation/evaluate.js";
import { counted, percent } from "../terminal/format.js";
import { html, type Markup } from "./markup.js";

const size = { width: 560, height: 300 } as const;
const margin = { left: 54, right: 24, top: 14, bottom: 38 } as const;

/** The calibration: a bar for each bin of predictions, beside the line where confidence and accuracy are equal. */
export function calibrationChart(calibration: Calibration): Markup {
  const [across, down] = [size.width - margin.left - margin.right, size.height - margin.top - margin.bottom];
  const x = (value: number): string => fixed(margin.left + across * value);
  const y = (value: number): string => fixed(margin.top + down * (1 - value));
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const { bins } = calibration;
  const width = across / bins.length - 4;
  const bars = bins.flatMap(({ count, probPred, probTrue }, at) => (count === 0 ? [] : [html`<g><rect class="bin" x="${fixed(margin.left + (across * at) / bins.length + 2)}" y="${y(probTrue)}" width="${fixed(width)}" height="${fixed(down * probTrue)}"/><circle class="series-validation" cx="${x(probPred)}" cy="${y(probTrue)}" r="4"/><title>${counted(count, "prediction")}: ${percent(probPred, 1)} confidence, ${percent(probTrue, 1)} correct</title></g>`]));
  return html`<figure class="chart">
  <figcaption><span class="chart-title">Calibration</span><span class="key series-train">fraction correct</span><span class="key series-validation">mean probability, at its fraction correct</span></figcaption>
  <svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="fraction of correct predictions by the probability of the predicted class">
    <g class="axes">${ticks.map((value) => html`<line x1="${margin.left}" x2="${size.width - margin.right}" y1="${y(value)}" y2="${y(value)}"/><text x="${margin.left - 8}" y="${fixed(Number(y(value)) + 4)}" text-anchor="end">${percent(value, 0)}</text><text x="${x(value)}" y="${size.height - margin.bottom + 18}" text-anchor="middle">${percent(value, 0)}</text>`)}<text class="axis-name" x="${(margin.left + size.width - margin.right) / 2}" y="${size.height - 3}" text-anchor="middle">probability of the predicted class</text></g>
    <g class="mark"><line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/></g>
    <g class="bins">${bars}</g>
  </svg>
</figure>`;
}

/** Coordinates to a tenth of a unit. */
function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
