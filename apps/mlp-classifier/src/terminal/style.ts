import { styleText } from "node:util";

/** Gives texts the looks of a terminal, or leaves them as they are. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly accent: (text: string) => string;
}

type Look = Parameters<typeof styleText>[0];

const look = (format: Look) => (text: string): string => styleText(format, text, { validateStream: false });
const asIs = (text: string): string => text;

const coloured: Style = { bold: look("bold"), dim: look("dim"), good: look("green"), bad: look("red"), warn: look("yellow"), accent: look("cyan") };

/** For files, pipes and everybody who asked for no colours. */
export const plain: Style = { bold: asIs, dim: asIs, good: asIs, bad: asIs, warn: asIs, accent: asIs };

/** The part of an output stream that decides how it may be written to. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Colours on a terminal only, and never where `NO_COLOR` (https://no-color.org) is set or the terminal is a dumb one. */
export function styleFor(screen: Screen, environment: NodeJS.ProcessEnv = process.env): Style {
  const { NO_COLOR: refused, TERM: terminal } = environment;
  return screen.isTTY === true && (refused === undefined || refused === "") && terminal !== "dumb" ? coloured : plain;
}

/** Columns that a line may have. */
export function widthOf(screen: Screen): number {
  return screen.isTTY === true && screen.columns !== undefined && screen.columns > 0 ? screen.columns : 160;
}

// oxlint-disable-next-line no-control-regex -- the escape character is what begins a control sequence
const controlSequence = /\u001B\[[0-9;]*m/g;

/** Columns that a text takes, control sequences not counted and wide characters as two. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text.replace(controlSequence, "")) columns += isWide(character.codePointAt(0) ?? 0) ? 2 : /\p{Mark}/u.test(character) ? 0 : 1;
  return columns;
}

/** East Asian wide characters and emoji. */
function isWide(code: number): boolean {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
}

/** The text, cut with an ellipsis if it takes more columns; for texts without control sequences. */
export function shorten(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let result = "";
  for (const character of text) {
    if (columnsOf(result + character) > columns - 1) break;
    result += character;
  }
  return `${result}…`;
}

/**
 * The text, its middle replaced by an ellipsis if it takes more columns: of names that begin alike the ends tell which is which. For
 * texts without control sequences.
 */
export function shortenMiddle(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = [...text];
  const end: string[] = [];
  for (let character = characters.pop(); character !== undefined && columnsOf([character, ...end].join("")) <= Math.floor((columns - 1) / 2); character = characters.pop()) end.unshift(character);
  const start = shorten(text, columns - columnsOf(end.join("")));
  return `${start}${end.join("")}`;
}
