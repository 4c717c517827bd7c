import { quote as quoted } from "@nn/tensor/extend";
import { FormatError } from "../format-error.js";
import type { CsvSyntax } from "./csv-syntax.js";

/** What fields may be separated by. */
const candidates = [",", ";", "\t", "|"] as const;

/** Records that are compared, and characters that are looked at for them. */
const sampleRecords = 20;
const sampleLength = 1 << 16;

/** How often each candidate occurs outside quotes, in each record. */
type Counts = readonly number[];

/**
 * What separates the fields of a text that begins like `sample`: the only candidate in the first record, else the one that occurs equally
 * often in all records of the sample. Undefined where more of the text is needed.
 * @throws FormatError where two fit, or none.
 */
export function detectDelimiter(sample: string, complete: boolean, source: string, syntax: CsvSyntax): string | undefined {
  const enough = complete || sample.length >= sampleLength;
  const records = countsOf(sample, enough, syntax);
  const [first, ...rest] = records;
  if (first === undefined) return enough ? "," : undefined;
  const present = candidates.filter((_, at) => (first[at] as number) > 0);
  const [only] = present;
  if (present.length === 1) return only;
  if (!enough && records.length < sampleRecords) return undefined;
  return only === undefined ? forOneColumn(rest, source) : bestOf(present, first, rest, source);
}

function bestOf(present: readonly string[], first: Counts, rest: readonly Counts[], source: string): string {
  const place = (candidate: string): number => candidates.findIndex((each) => each === candidate);
  const count = (candidate: string): number => first[place(candidate)] as number;
  const steady = present.filter((each) => rest.every((record) => record[place(each)] === count(each)));
  const best = steady.toSorted((a, b) => count(b) - count(a));
  const [winner, second] = best;
  if (winner !== undefined && (second === undefined || count(winner) > count(second))) return winner;
  const tied = winner === undefined ? present : best.filter((each) => count(each) === count(winner));
  throw new FormatError(source, `fields may be separated by ${tied.map((each) => quoted(each)).join(" or by ")}`, { line: 1 }, { fix: `say which with delimiter, such as delimiter: ${quoted(tied[0] ?? ",")}` });
}

/** The first record has one field: all others should have, and a delimiter is chosen that leaves them whole. */
function forOneColumn(rest: readonly Counts[], source: string): string {
  const steady = candidates.find((each, at) => each !== "," && rest.length > 0 && rest.every((record) => (record[at] as number) > 0 && record[at] === rest[0]?.[at]));
  if (steady !== undefined) {
    throw new FormatError(source, `the first record has one field, the others have several if they are separated by ${quoted(steady)}`, { line: 1 }, {
      fix: `say what separates fields with delimiter, such as delimiter: ${quoted(steady)}`,
    });
  }
  return candidates.find((_, at) => rest.every((record) => record[at] === 0)) ?? ",";
}

/** The counts of the records that are whole in the sample, empty lines and comments left out. */
function countsOf(sample: string, complete: boolean, { quote = '"', comment }: CsvSyntax): Counts[] {
  const records: number[][] = [];
  let counts = [0, 0, 0, 0];
  let within = false;
  let start = 0;
  const finish = (end: number): void => {
    const line = sample.slice(start, end);
    if (line.trim() !== "" && (comment === undefined || !line.startsWith(comment))) records.push(counts);
    counts = [0, 0, 0, 0];
    start = end + 1;
  };
  for (let at = 0; at < sample.length && records.length < sampleRecords; at++) {
    const character = sample.charAt(at);
    if (character === quote) within = !within;
    else if (!within && (character === "\n" || character === "\r")) finish(at);
    else if (!within) {
      const place = candidates.findIndex((each) => each === character);
      if (place >= 0) counts[place] = (counts[place] as number) + 1;
    }
  }
  if (complete && records.length < sampleRecords && start < sample.length) finish(sample.length);
  return records;
}
