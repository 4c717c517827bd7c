import type { Calibration } from "../evaluation/evaluate.js";
import { counted, percent } from "../terminal/format.js";
import { html, type Markup } from "./markup.js";
import { unitBar, unitSquare } from "./unit-square.js";

/** The calibration: a bar for each bin of predictions, beside the line where confidence and accuracy are equal. */
export function calibrationChart({ bins }: Calibration): Markup {
  const bars = bins.flatMap(({ count, probPred, probTrue }, at) =>
    count === 0 ? [] : [unitBar(at / bins.length, (at + 1) / bins.length, probTrue, [probPred, probTrue], `${counted(count, "prediction")}: ${percent(probPred, 1)} confidence, ${percent(probTrue, 1)} correct`)]);
  return unitSquare({
    title: "Calibration",
    legend: [html`<span class="key series-train">fraction correct</span>`, html`<span class="key series-validation">mean probability, at its fraction correct</span>`],
    label: "fraction of correct predictions by the probability of the predicted class",
    xName: "probability of the predicted class", diagonal: true, content: [html`<g class="bins">${bars}</g>`],
  });
}
