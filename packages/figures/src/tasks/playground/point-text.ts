import { limits, type Problem } from "./choices.js";
import { range, type OwnData } from "./settings.js";

/** Points in an address: for each one a class, or two digits for its value, then two digits for each coordinate, in base 36. */
const levels = 36 ** 2 - 1;
const most = 1000;

const digits = (value: number, low: number, high: number): string => Math.round(((Math.min(high, Math.max(low, value)) - low) / (high - low)) * levels).toString(36).padStart(2, "0");
const valueOf = (text: string, low: number, high: number): number => Number((low + (Number.parseInt(text, 36) / levels) * (high - low)).toFixed(3));

/** The points of the plane as text. */
export function textOf({ inputs, targets }: OwnData, problem: Problem): string {
  return inputs.map(([x = 0, y = 0], at) => {
    const target = targets[at] ?? 0;
    return `${problem === "regression" ? digits(target, -1, 1) : String(target)}${digits(x, ...range)}${digits(y, ...range)}`;
  }).join("");
}

/** The points that a text is of; `undefined` if it is of none. */
export function pointsOf(text: string, problem: Problem): OwnData | undefined {
  const head = problem === "regression" ? 2 : 1;
  const width = head + 4;
  const count = text.length / width;
  if (!Number.isInteger(count) || count < 4 || count > most || !/^[0-9a-z]+$/.test(text)) return undefined;
  const pieces = Array.from({ length: count }, (_, at) => text.slice(at * width, (at + 1) * width));
  const targets = pieces.map((piece) => (problem === "regression" ? valueOf(piece.slice(0, 2), -1, 1) : Number(piece.slice(0, 1))));
  if (problem === "classification" && !targets.every((target) => Number.isInteger(target) && target < limits.classes)) return undefined;
  return { inputs: pieces.map((piece) => [valueOf(piece.slice(head, head + 2), ...range), valueOf(piece.slice(head + 2), ...range)]), targets };
}
