import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { stderr } from "node:process";

/** A stream that may be a terminal, such as `process.stderr`. */
export interface TerminalStream {
  /** Shows text. */
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** The width of the terminal. */
  readonly columns?: number;
  /** Whether the terminal shows colours. It respects `NO_COLOR`. */
  hasColors?(): boolean;
}

/** The stream of an option; default the standard error. */
export function streamOf(operation: string, stream: TerminalStream = stderr): TerminalStream {
  if (typeof Object(stream).write !== "function") throw new UsageError(`${operation}: stream is ${describeValue(stream)}, expected a stream such as process.stderr`);
  return stream;
}

/** Moves to the beginning of the line and clears it, so that the next line replaces a progress bar. */
export const clearLine = "\r\u001b[K";

/** The width of a terminal, and at least a minimum. */
export function columnsOf({ columns }: TerminalStream): number {
  return Math.max(20, columns ?? 80);
}

/** A text in lines of at most the given width, broken between words. A longer word gets its own line. */
export function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("\n");
}

/** How texts are emphasised. Without colours they are not. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly accent: (text: string) => string;
  readonly good: (text: string) => string;
}

/** The style of a stream. */
export function styleOf(stream: TerminalStream): Style {
  const hasColors = stream.hasColors?.() ?? false;
  const code = (on: number, off: number) => (text: string): string => (hasColors && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return { bold: code(1, 22), dim: code(2, 22), accent: code(36, 39), good: code(32, 39) };
}

/** A number in few characters: `0.03125`, `12.35`, `1.2e-7`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(1).replace("+", "");
  return Number.isInteger(value) && size >= 10 ? String(value) : value.toFixed(Math.max(0, Math.min(4, 4 - Math.floor(Math.log10(Math.max(size, 1))))));
}

/** A duration in words: `0.4 s`, `12 s`, `2 min 10 s`, `3 h 5 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** The values that are numbers, by name. */
export function numbersOf(values: object): readonly (readonly [name: string, value: number])[] {
  return Object.entries(values).filter((entry): entry is [string, number] => typeof entry[1] === "number");
}
