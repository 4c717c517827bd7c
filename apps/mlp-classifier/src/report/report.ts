import type { LoadedData } from "../data/loaded-data.js";
import { baseline } from "../evaluation/classes.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import { wilsonInterval } from "../evaluation/interval.js";
import type { Architecture } from "../model/architecture.js";
import type { CompleteFolds } from "../run/folds-record.js";
import type { EpochMetrics } from "../run/metrics-file.js";
import { flagOf, settingNames, settingOf } from "../settings/settings.js";
import type { ResolvedSettings } from "../settings/merge.js";
import { commandFor } from "../settings/command.js";
import { counted, duration, grouped, loss, percent, short } from "../terminal/format.js";
import { shortenMiddle } from "../terminal/style.js";
import { describeArchitecture, keptSentence } from "../model/describe.js";
import { calibrationChart } from "./calibration-chart.js";
import { confusionTable, scoreTable } from "./confusion-table.js";
import { lineChart, type LineChart } from "./line-chart.js";
import { dataSection } from "./data-section.js";
import { foldsSection } from "./folds-section.js";
import { html, type Markup } from "./markup.js";
import { mistakeGallery } from "./mistakes.js";
import { momentOf, page } from "./page.js";
import { planePicture } from "./plane.js";
import { rankingSection } from "./ranking-charts.js";
import type { Predictor } from "../model/predictor.js";

/** The content of a report. */
export interface RunResults {
  readonly settings: ResolvedSettings;
  readonly data: LoadedData;
  /** The scores of its cross-validation, if it has one. */
  readonly folds?: CompleteFolds | undefined;
  readonly architecture: Architecture;
  readonly parameters: number;
  readonly metrics: readonly EpochMetrics[];
  /** The epoch with the lowest validation loss. */
  readonly bestEpoch: number | null;
  /** The epoch whose weights were kept. */
  readonly keptEpoch: number;
  /** What the run does, or why it ended, in a sentence; empty if all epochs are done. */
  readonly state: string;
  /** The test, once the run has ended. */
  readonly test?: TestResults | undefined;
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly written: Date;
}

/** What the report says of the test. */
export interface TestResults {
  readonly evaluation: Evaluation;
  readonly predictor: Predictor;
}

/** With more classes than this, the confusion matrix has the full width. */
const widest = 12;

/** The report of a run, also of one that has not ended: one self-contained HTML page. */
export async function renderReport(results: RunResults): Promise<string> {
  const { data, folds, test, metrics, settings, state } = results;
  const title = `${data.name}: ${test === undefined ? `${grouped(metrics.length)} of ${counted(settings.epochs, "epoch")}` : correct(test)}`;
  return page({
    title,
    lead: html`<p>${describeArchitecture(results.architecture)}, ${grouped(results.parameters)} parameters. ${test === undefined ? html`<strong>${state}</strong>` : state} ${data.remark ?? ""}</p>`,
    content: html`${figures(results)}
${dataSection(data)}
<section><h2>Learning curves</h2><p class="note">${keptSentence(settings.keep, metrics[results.keptEpoch - 1], metrics.length)} ${keepHint(results)} ${lossHint(settings)}</p>${curves(results)}</section>
${folds && foldsSection(folds)}
${test && await testSections(data, test)}
<section><h2>Settings</h2>${settingsTable(settings)}<p>To repeat the run:</p><pre>${commandFor(settings)}</pre></section>`,
    footer: `${test === undefined ? "As of" : "Trained until"} ${momentOf(results.written)}, ${counted(metrics.length, "epoch")}.`,
  });
}

function correct({ evaluation: { report, examples } }: TestResults): string {
  return `${percent(report.accuracy)} of ${counted(examples, "test example")} correct`;
}

async function testSections(data: LoadedData, { evaluation, predictor }: TestResults): Promise<Markup> {
  return html`<div class="${evaluation.classes.length > widest ? "" : "columns"}">
<section><h2>Confusion matrix</h2>${confusionTable(evaluation)}</section>
<section><h2>Classes</h2>${scoreTable(evaluation)}</section>
</div>
${rankingSection(evaluation)}
${await planePicture({ data, predictor })}
${await mistakeGallery(data, evaluation)}`;
}

type Figure = readonly [name: string, value: string, remark: string];

function figures({ test, metrics, keptEpoch, parameters, seconds, stepsPerSecond, data }: RunResults): Markup {
  const entries: readonly Figure[] = [
    ...(test === undefined ? validationFigures(metrics) : testFigures(test.evaluation)),
    ["Epochs", grouped(metrics.length), keptEpoch === 0 ? "" : `weights of ${grouped(keptEpoch)} kept`],
    ["Trained on", grouped(data.train.length), data.validation === undefined ? "examples" : `and ${grouped(data.validation.length)} to validate`],
    ["Time", duration(seconds), `${grouped(Math.round(stepsPerSecond))} steps/s`],
    ["Parameters", grouped(parameters), ""],
  ];
  // Two full rows where there is room.
  return html`<dl class="figures" style="--columns:${Math.ceil(entries.length / 2)}">${entries.map(([name, value, remark]) => html`<div><dt>${name}</dt><dd>${value}<small>${remark}</small></dd></div>`)}</dl>`;
}

/** The figures of the last epoch. */
function validationFigures(metrics: readonly EpochMetrics[]): readonly Figure[] {
  const last = metrics.at(-1);
  if (last === undefined) return [];
  const { validationAccuracy, validationLoss, trainAccuracy, trainLoss } = last;
  const training: readonly Figure[] = [["Training accuracy", percent(trainAccuracy), "last epoch"], ["Training loss", loss(trainLoss), "last epoch"]];
  if (validationAccuracy === null || validationLoss === null) return training;
  return [["Validation accuracy", percent(validationAccuracy), "last epoch"], ["Validation loss", loss(validationLoss), "last epoch"], ...training];
}

function testFigures(evaluation: Evaluation): readonly Figure[] {
  const { balancedAccuracy, examples: total, report: { accuracy, macroAverage } } = evaluation;
  const simplest = baseline(evaluation);
  const [low, high] = wilsonInterval(Math.round(accuracy * total), total);
  return [
    ["Test accuracy", percent(accuracy), `of ${grouped(total)}; ${percent(low, 1)} to ${percent(high, 1)}`],
    ["Baseline", percent(simplest?.accuracy ?? 0), `always ${shortenMiddle(simplest?.name ?? "", 16)}`],
    ["Balanced accuracy", percent(balancedAccuracy), "mean recall of the classes"],
    ["Test loss", loss(evaluation.loss), "cross-entropy"],
    ["ROC AUC", Number.isNaN(evaluation.ranking.rocAuc) ? "–" : percent(evaluation.ranking.rocAuc), evaluation.classes.length > 2 ? "each class against the rest" : "area under the curve"],
    ["Macro F1", percent(macroAverage.f1), "mean over the classes"],
  ];
}

/** Why other weights would have been kept. */
function keepHint({ settings, bestEpoch, keptEpoch }: RunResults): string {
  return settings.keep === "last" && bestEpoch !== null && bestEpoch !== keptEpoch ? `Epoch ${bestEpoch} has the lowest validation loss.` : "";
}

/** What the losses of the curves are means over. */
function lossHint({ classWeights, ensemble }: ResolvedSettings): string {
  return [
    ...(classWeights === "none" ? [] : ["In the losses of the curves all classes count equally; in the test loss, and in all accuracies but the balanced one, all examples do."]),
    ...(ensemble === 1 ? [] : [`The losses of the curves are means over the ${ensemble} networks; all else is of their mean probabilities.`]),
  ].join(" ");
}

function curves({ metrics, keptEpoch, settings, test }: RunResults): Markup {
  const mark = (text: string): Pick<LineChart, "mark"> => ({ mark: { epoch: keptEpoch, text } });
  const charts = [
    lineChart({
      title: "Loss",
      series: [
        { name: "training", colour: "train", values: metrics.map(({ trainLoss }) => trainLoss) },
        { name: "validation", colour: "validation", values: metrics.map(({ validationLoss }) => validationLoss) },
      ],
      format: loss,
      formatTick: (value, decimals) => value.toFixed(decimals),
      ...mark(`kept: epoch ${keptEpoch}`),
    }),
    lineChart({
      title: "Accuracy",
      series: [
        { name: "training", colour: "train", values: metrics.map(({ trainAccuracy }) => trainAccuracy) },
        { name: "validation", colour: "validation", values: metrics.map(({ validationAccuracy }) => validationAccuracy) },
      ],
      format: (value) => percent(value),
      formatTick: (value, decimals) => percent(value, Math.max(0, decimals - 2)),
      ceiling: 1,
      ...mark(""),
    }),
  ];
  // A line that stays where it is shows nothing: the rate is among the settings.
  if (new Set(metrics.map(({ learningRate }) => learningRate)).size > 1) charts.push(rateChart(metrics, settings));
  if (test !== undefined) charts.push(calibrationChart(test.evaluation.calibration));
  return html`<div class="charts">${charts}</div>`;
}

function rateChart(metrics: readonly EpochMetrics[], { schedule }: ResolvedSettings): Markup {
  return lineChart({
    title: "Learning rate",
    series: [{ name: schedule, colour: "rate", values: metrics.map(({ learningRate }) => learningRate) }],
    format: (value) => short(value),
    formatTick: (value) => short(value, 2),
  });
}

function settingsTable(settings: ResolvedSettings): Markup {
  const rows = settingNames.map((name) => {
    const value = settings[name];
    return html`<tr><th scope="row" title="${settingOf(name).about}">${flagOf(name)}</th><td>${value === null ? "–" : Array.isArray(value) ? value.join(",") || "none" : String(value)}</td></tr>`;
  });
  const half = Math.ceil(rows.length / 2);
  const table = (part: readonly Markup[]): Markup => html`<div class="scroll"><table class="list settings"><tbody>${part}</tbody></table></div>`;
  return html`<div class="columns narrow">${table(rows.slice(0, half))}${table(rows.slice(half))}</div>`;
}
