import type { InputRange } from "./calibrate.js";

/** A layer whose weights are bfloat16 now. */
export interface Bfloat16LayerReport {
  /** Its name in the model. */
  readonly name: string;
  /** Its class in the model with float32. */
  readonly kind: string;
  /** The signal-to-noise ratio of its outputs, in decibels, for the inputs that it has in the model with float32; `undefined` if no batch ran it. 6 dB are one bit. */
  readonly decibels: number | undefined;
  /** The bytes of its state. */
  readonly bytes: BeforeAndAfter;
}

/** A layer that multiplies whole numbers now. */
export interface QuantizedLayerReport extends Bfloat16LayerReport {
  /** The inputs that its whole numbers stand for; others are limited to it. */
  readonly inputRange: InputRange;
  /** The distance between two inputs that it can tell apart. */
  readonly inputStep: number;
  /** The whole number, from 0 to 127, that stands for an input of 0. */
  readonly inputZero: number;
  readonly decibels: number;
}

/** A layer with parameters that stays as it is. */
export interface UnchangedLayerReport {
  readonly name: string;
  readonly kind: string;
  readonly reason: string;
}

/** A number of the model with float32, and of the one with smaller weights. */
export interface BeforeAndAfter {
  readonly before: number;
  readonly after: number;
}

/** What a conversion did to a model, and what it cost: plain data. */
export interface ConversionReport<Layer> {
  readonly layers: readonly Layer[];
  readonly unchanged: readonly UnchangedLayerReport[];
  /** The bytes of all parameters and buffers. */
  readonly bytes: BeforeAndAfter;
  /** The signal-to-noise ratio of the outputs of the model on the data, in decibels; `undefined` if its output is not one tensor of floats, or there are no data. */
  readonly decibels: number | undefined;
  /** What the option `evaluate` returned, if it was given. */
  readonly score: BeforeAndAfter | undefined;
}

/** What `quantize` did. */
export type QuantizationReport = ConversionReport<QuantizedLayerReport>;

/** What `toBfloat16` did. */
export type Bfloat16Report = ConversionReport<Bfloat16LayerReport>;

/** The title of a column of a table, and its text for each layer. */
type Column<Layer> = readonly [title: string, text: (layer: Layer) => string];

const inputColumns: readonly Column<QuantizedLayerReport>[] = [
  ["inputs", ({ inputRange }) => inputRange.map(shortNumber).join(" … ")],
  ["step", ({ inputStep }) => shortNumber(inputStep)],
  ["zero", ({ inputZero }) => String(inputZero)],
];

/** The report of `quantize` as a table of text. */
export const quantizationTable = (report: QuantizationReport): string => reportTable(report, inputColumns);

/** The report of `toBfloat16` as a table of text. */
export const bfloat16Table = (report: Bfloat16Report): string => reportTable(report, []);

/** A report as a table of text, with columns of its own, and without a line break at the end. */
function reportTable<Layer extends Bfloat16LayerReport>({ layers, unchanged, bytes, decibels, score }: ConversionReport<Layer>, own: readonly Column<Layer>[]): string {
  const columns: readonly Column<Layer>[] = [
    ["layer", ({ name }) => name],
    ["class", ({ kind }) => kind],
    ...own,
    ["SNR (dB)", ({ decibels: ratio }) => ratio?.toFixed(1) ?? "–"],
    ["bytes", ({ bytes: size }) => change(size, String)],
  ];
  const lines = table(columns.map(([title]) => title), layers.map((layer) => columns.map(([, text]) => text(layer))));
  if (unchanged.length > 0) lines.push("", ...table(["unchanged", "class", "because"], unchanged.map(({ name, kind, reason }) => [name, kind, reason])));
  lines.push("", `bytes: ${change(bytes, String)} (${((100 * bytes.after) / bytes.before).toFixed(0)} %)`);
  if (decibels !== undefined) lines.push(`signal-to-noise ratio of the outputs: ${decibels.toFixed(1)} dB`);
  if (score !== undefined) lines.push(`score: ${change(score, shortNumber)}`);
  return lines.join("\n");
}

const shortNumber = (value: number): string => String(Number(value.toPrecision(4)));

const change = ({ before, after }: BeforeAndAfter, text: (value: number) => string): string => `${text(before)} → ${text(after)}`;

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  return [header, ...rows].map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
}
