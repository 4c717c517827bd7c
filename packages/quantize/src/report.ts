import type { InputRange } from "./calibrate.js";

/** A layer that multiplies whole numbers now. */
export interface QuantizedLayerReport {
  /** Its name in the model. */
  readonly name: string;
  /** Its class in the model with float32. */
  readonly kind: string;
  /** The inputs that its whole numbers stand for; others are limited to it. */
  readonly inputRange: InputRange;
  /** The distance between two inputs that it can tell apart. */
  readonly inputStep: number;
  /** The whole number, from 0 to 127, that stands for an input of 0. */
  readonly inputZero: number;
  /** The signal-to-noise ratio of its outputs, in decibels, for the inputs that it has in the model with float32. 6 dB are one bit. */
  readonly decibels: number;
  /** The bytes of its state. */
  readonly bytes: BeforeAndAfter;
}

/** A layer with parameters that stays as it is. */
export interface UnchangedLayerReport {
  readonly name: string;
  readonly kind: string;
  readonly reason: string;
}

/** A number of the model with float32, and of the quantized one. */
export interface BeforeAndAfter {
  readonly before: number;
  readonly after: number;
}

/** What `quantize` did, and what it cost: plain data. */
export interface QuantizationReport {
  readonly layers: readonly QuantizedLayerReport[];
  readonly unchanged: readonly UnchangedLayerReport[];
  /** The bytes of all parameters and buffers. */
  readonly bytes: BeforeAndAfter;
  /** The signal-to-noise ratio of the outputs of the model on the calibration data, in decibels; `undefined` if its output is not one tensor of floats. */
  readonly decibels: number | undefined;
  /** What the option `evaluate` returned, if it was given. */
  readonly score: BeforeAndAfter | undefined;
}

/** A report as a table of text, without a line break at the end. */
export function reportTable({ layers, unchanged, bytes, decibels, score }: QuantizationReport): string {
  const lines = table(
    ["layer", "class", "inputs", "step", "zero", "SNR (dB)", "bytes"],
    layers.map(({ name, kind, inputRange, inputStep, inputZero, decibels: own, bytes: size }) => [
      name, kind, inputRange.map(shortNumber).join(" … "), shortNumber(inputStep), String(inputZero), own.toFixed(1), change(size, String),
    ]),
  );
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
