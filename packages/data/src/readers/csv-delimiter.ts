import { quote as quoted } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import { numberOf, numberStyles } from "./number.js";
import type { CsvSyntax } from "./csv-syntax.js";

/** The characters that may separate fields. */
const candidates = [",", ";", "\t", "|"] as const;

/** The most records to compare, and the most characters of the sample that holds them. */
const sampleRecords = 20;
const sampleLength = 1 << 16;

/** A record of the sample. */
interface SampleRecord {
  /** The line that it begins on. */
  readonly line: number;
  readonly text: string;
  /** How often each candidate occurs outside of quotes. */
  readonly counts: readonly number[];
}

/**
 * Finds the character between the fields of a text that begins with `sample`: the only candidate in the first record, else the one that
 * occurs equally often in all records of the sample. Undefined if more of the text is needed.
 * @throws FormatError if two candidates fit, or only the later records have several fields.
 */
export function detectDelimiter(sample: string, complete: boolean, source: string, syntax: CsvSyntax): string | undefined {
  const enough = complete || sample.length >= sampleLength;
  const records = recordsOf(sample, enough, syntax);
  const [first, ...rest] = records;
  if (first === undefined) return enough ? "," : undefined;
  const present = candidates.filter((_, at) => (first.counts[at] as number) > 0);
  const [only] = present;
  if (present.length === 1) return only;
  if (!enough && records.length < sampleRecords) return undefined;
  return only === undefined ? forOneColumn(first, rest, source) : bestOf(present, first, rest, source);
}

function bestOf(present: readonly string[], first: SampleRecord, rest: readonly SampleRecord[], source: string): string {
  const indexOf = (candidate: string): number => candidates.findIndex((each) => each === candidate);
  const count = (candidate: string): number => first.counts[indexOf(candidate)] as number;
  const steady = present.filter((each) => rest.every(({ counts }) => counts[indexOf(each)] === count(each)));
  const best = steady.toSorted((a, b) => count(b) - count(a));
  const [winner, second] = best;
  if (winner !== undefined && (second === undefined || count(winner) > count(second))) return winner;
  const tied = winner === undefined ? present : best.filter((each) => count(each) === count(winner));
  throw new FormatError(source, `fields may be separated by ${tied.map((each) => quoted(each)).join(" or by ")}`, { line: first.line }, {
    fix: `say which with delimiter: ${tied.map((each) => quoted(each)).join(" or delimiter: ")}`,
  });
}

/** Handles a first record of one field: the others should have one field too, and the result is a delimiter that does not split them. */
function forOneColumn(first: SampleRecord, rest: readonly SampleRecord[], source: string): string {
  for (const [at, candidate] of candidates.entries()) {
    const tail = steadyTail(rest, at);
    const [start] = tail;
    if (start === undefined || (candidate === "," && tail.every(({ text }) => isNumber(text)))) continue;
    const comment = first.text.trimStart().charAt(0);
    const fixes = [
      `if ${start.line - first.line > 1 ? "the lines before are" : "the line before is"} a title, use skipLines: ${start.line - 1}`,
      ...(/[#%;!]/.test(comment) ? [`if a comment, comment: ${quoted(comment)}`] : []),
      `otherwise say what separates fields with delimiter: ${quoted(candidate)}`,
    ];
    throw new FormatError(source, `the first record has one field, the records from line ${start.line} on have ${(start.counts[at] as number) + 1}, separated by ${quoted(candidate)}`, { line: first.line }, { fix: fixes.join("; ") });
  }
  return candidates.find((_, at) => rest.every(({ counts }) => counts[at] === 0)) ?? ",";
}

/** The longest run of last records in which the candidate occurs equally often; empty if it is too short. */
function steadyTail(records: readonly SampleRecord[], at: number): readonly SampleRecord[] {
  const count = records.at(-1)?.counts[at] ?? 0;
  if (count === 0) return [];
  const different = records.findLastIndex(({ counts }) => counts[at] !== count);
  const tail = records.slice(different + 1);
  return tail.length >= Math.min(2, records.length) ? tail : [];
}

function isNumber(text: string): boolean {
  return numberStyles.some((style) => !Number.isNaN(numberOf(text, style)));
}

/** The complete records of the sample, without empty lines and comments. */
function recordsOf(sample: string, complete: boolean, { quote = '"', comment, skipLines = 0 }: CsvSyntax): SampleRecord[] {
  const records: SampleRecord[] = [];
  let counts = candidates.map(() => 0);
  let within = false;
  let start = 0;
  let line = 1;
  let startLine = 1;
  const finish = (end: number): void => {
    const text = sample.slice(start, end);
    if (startLine > skipLines && text.trim() !== "" && (comment === undefined || !text.startsWith(comment))) records.push({ line: startLine, text, counts });
    counts = candidates.map(() => 0);
    start = end + 1;
  };
  for (let at = 0; at < sample.length && records.length < sampleRecords; at++) {
    const character = sample.charAt(at);
    const isBreak = character === "\n" || (character === "\r" && sample.charAt(at + 1) !== "\n");
    if (isBreak) line++;
    if (character === quote && line > skipLines) within = !within;
    else if (!within && isBreak) {
      finish(at);
      startLine = line;
    } else if (!within) {
      const candidate = candidates.findIndex((each) => each === character);
      if (candidate >= 0) counts[candidate] = (counts[candidate] as number) + 1;
    }
  }
  if (complete && records.length < sampleRecords && start < sample.length) finish(sample.length);
  return records;
}
