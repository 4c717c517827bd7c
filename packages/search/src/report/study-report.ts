import { UsageError } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { minTrialsForImportance, parameterImportance } from "../importance/parameter-importance.js";
import { valueAt } from "../space/dimension.js";
import type { Space } from "../space/parameters.js";
import { requireStudy } from "../study/require-study.js";
import type { Study } from "../study/study.js";
import { historyChart, historyScale, parallelChart, sliceCharts, textOf } from "./charts.js";
import { html, Markup } from "./markup.js";
import { short } from "./numbers.js";
import { studyData, type StudyData } from "./study-data.js";
import { styles } from "./styles.js";

/** Options of {@link studyReport}. */
export interface ReportOptions {
  /** Default `"Hyperparameter search"`. */
  readonly title?: string | undefined;
}

const reportOptions: OptionKinds<ReportOptions> = { title: "string" };

/** Number of trials that are listed. */
const mostListed = 10;

/**
 * A page about a study, as one HTML file without scripts: the value of each trial and the best so far, the importance of the parameters, all parameters
 * of each trial as parallel coordinates, the values over each parameter, the best trials and the reasons of failed ones. Trials have their numbers, from 0. With fewer completed trials than
 * {@link minTrialsForImportance}, the page says so in place of the importance. All text is escaped.
 * @throws UsageError if no trial is completed.
 */
export function studyReport<S extends Space>(study: Pick<Study<S>, "space" | "trials" | "direction" | "seed" | "sampler" | "pruner">, options: ReportOptions = {}): string {
  requireStudy("studyReport", study);
  requireOptions("studyReport", options, reportOptions);
  const { title = "Hyperparameter search" } = options;
  const data = studyData(study);
  if (data.trials.length === 0) throw new UsageError("studyReport: no trial is completed, so there is nothing to show");
  const method = [`sampler: ${study.sampler.name}`, study.pruner === undefined ? "no pruner" : `pruner: ${study.pruner.name}`, `seed ${study.seed}`].join(" · ");
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${new Markup(styles)}</style></head>
<body><main>
<header><h1>${title}</h1><p>${study.direction === "minimize" ? "The value is to be small." : "The value is to be large."} ${method}</p></header>
${figures(data)}
<section><h2>History</h2><p class="note"><span class="key" style="--colour:var(--good)"><i></i>trial, the better the stronger</span><span class="key" style="--colour:var(--mark)"><i class="bar"></i>best so far</span>${
    data.all.some(({ state }) => state === "pruned") ? html`<span class="key"><i class="ring"></i>pruned</span>` : undefined}${
    [...data.trials, ...data.pruned].some(({ value }) => historyScale(data).isBeyond(value)) ? html`<span class="key">▴ ▾ beyond the axis</span>` : undefined}</p>${historyChart(data)}</section>
${importanceSection(study)}
<section><h2>Parameters together</h2><p class="note">A line for each completed trial; the best one is orange, and good values are at the top of the last axis.</p>${parallelChart(data)}</section>
<section><h2>Parameters one by one</h2>${sliceCharts(data)}</section>
${bestTrials(data)}${failures(data)}
<footer>Made by @nn/search.</footer>
</main></body></html>
`;
  return page.text;
}

function figures({ trials, all, sign }: StudyData): Markup {
  const count = (state: string): number => all.filter((trial) => trial.state === state).length;
  const best = trials.find(({ isFirst }) => isFirst);
  const entries: readonly (readonly [string, string | number])[] = [
    [sign === 1 ? "smallest value" : "largest value", best === undefined ? "–" : short(best.value)], ["in trial", best?.number ?? "–"],
    ["completed", count("completed")], ["pruned", count("pruned")], ["failed", count("failed")], ["running", count("running")],
  ];
  return html`<dl class="figures">${entries.filter(([name, value]) => value !== 0 || name === "completed" || name === "in trial" || name.endsWith("value")).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function importanceSection<S extends Space>(study: Pick<Study<S>, "space" | "trials">): Markup {
  const completed = study.trials.filter(({ state }) => state === "completed").length;
  if (completed < minTrialsForImportance) return html`<section><h2>Importance</h2><p class="note">Not estimated: that needs at least ${minTrialsForImportance} completed trials; there ${completed === 1 ? "is 1" : `are ${completed}`}.</p></section>`;
  const rows = parameterImportance(study).map(({ name, importance }) => html`<span>${name}</span><i style="--fraction:${importance.toFixed(3)}"></i><b>${(100 * importance).toFixed(0)}%</b>`);
  return html`<section><h2>Importance</h2><p class="note">How much of the variance of the value each parameter explains on its own (functional ANOVA over a random forest). What is left is due to parameters acting together.</p><div class="chart bars">${rows}</div></section>`;
}

function bestTrials({ dimensions, trials }: StudyData): Markup {
  const best = trials.toSorted((a, b) => b.quality - a.quality).slice(0, mostListed);
  const cell = (at: number | undefined, index: number): string => {
    const dimension = dimensions[index];
    return at === undefined || dimension === undefined ? "–" : textOf(valueAt(dimension, at));
  };
  return html`<section><h2>Best trials</h2><div class="list scroll" tabindex="0" role="group" aria-label="best trials; scrolls sideways"><table><thead><tr><th scope="col">Trial</th><th scope="col">Value</th>${dimensions.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${best.map(({ number, value, point }) => html`<tr><td>${number}</td><th scope="row">${short(value)}</th>${point.map((at, index) => html`<td>${cell(at, index)}</td>`)}</tr>`)}</tbody></table></div></section>`;
}

function failures({ all }: StudyData): Markup | undefined {
  const failed = all.filter((trial) => trial.state === "failed");
  if (failed.length === 0) return undefined;
  const more = failed.length > mostListed ? html`<p class="note">The first ${mostListed} of ${failed.length}.</p>` : undefined;
  return html`<section><h2>Failed trials</h2>${more}<div class="list scroll" tabindex="0" role="group" aria-label="failed trials; scrolls sideways"><table><thead><tr><th scope="col">Trial</th><th scope="col">Reason</th></tr></thead>
<tbody>${failed.slice(0, mostListed).map(({ number, reason }) => html`<tr><td>${number}</td><td class="wrap">${reason}</td></tr>`)}</tbody></table></div></section>`;
}
