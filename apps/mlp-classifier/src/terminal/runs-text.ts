import { differences, epochsOf, letterOf, orDash, results, type ComparedRow } from "../run/comparison.js";
import { keptValue, nameIn, type RecordedRun } from "../run/recorded-run.js";
import { percent } from "./format.js";
import { shortenMiddle, type Style } from "./style.js";
import { alignRows, type Alignment } from "./table.js";

interface Column {
  readonly title: string;
  readonly alignment: Alignment;
  /** On a narrow screen, the columns with the lowest value are omitted first. */
  readonly weight: number;
  readonly cell: (run: RecordedRun) => string;
}

/** The width at which the name of a run says too little. */
const shortestName = 16;

/** A table of the runs in a folder, for a screen of so many columns. */
export function describeRuns(folder: string, runs: readonly RecordedRun[], style: Style, columns: number, now: number): readonly string[] {
  const all: readonly Column[] = [
    { title: "State", alignment: "left", weight: 4, cell: ({ state }) => state },
    { title: "Epochs", alignment: "right", weight: 3, cell: epochsOf },
    { title: "Val. acc.", alignment: "right", weight: 2, cell: (run) => orDash(keptValue(run, "validation.accuracy"), percent) },
    { title: "Test acc.", alignment: "right", weight: 5, cell: ({ test }) => orDash(test?.accuracy, percent) },
    { title: "Age", alignment: "right", weight: 1, cell: ({ updated }) => (updated === 0 ? "–" : age(now - updated)) },
  ];
  const longest = Math.max(...runs.map(({ path }) => nameIn(folder, path).length));
  let shown = all;
  while (shown.length > 2 && widthOf(shown, runs) + Math.min(longest, shortestName) > columns) {
    const least = Math.min(...shown.map(({ weight }) => weight));
    shown = shown.filter(({ weight }) => weight > least);
  }
  const nameWidth = Math.max(shortestName, columns - widthOf(shown, runs));
  const rows = [
    ["Run", ...shown.map(({ title }) => title)],
    ...runs.map((run) => [shortenMiddle(nameIn(folder, run.path), nameWidth), ...shown.map(({ cell }) => cell(run))]),
  ];
  return headed(alignRows(rows, ["left", ...shown.map(({ alignment }) => alignment)]), style);
}

function widthOf(shown: readonly Column[], runs: readonly RecordedRun[]): number {
  return shown.reduce((sum, { title, cell }) => sum + 2 + Math.max(title.length, ...runs.map((run) => cell(run).length)), 0);
}

/** A column of a run in a comparison is no narrower than its texts, or than this if they are longer. */
const readableCell = 13;

/** The width at which the name of a setting or a result is cut. */
const longestRowName = 24;

/** Tables of what differs between runs, and of what came out of them. Runs that do not fit beside one another on the screen are below one another. */
export function describeComparison(runs: readonly RecordedRun[], style: Style, columns: number): readonly string[] {
  const letters = runs.map((_, at) => letterOf(at));
  const table = (title: string, rows: readonly ComparedRow[]): readonly string[] => {
    const nameWidth = Math.min(longestRowName, Math.max(title.length, ...rows.map(({ name }) => name.length)));
    const readable = Math.min(readableCell, Math.max(...rows.flatMap(({ texts }) => texts.map((text) => text.length))));
    const beside = Math.max(1, Math.min(runs.length, Math.floor((columns - nameWidth) / (readable + 2))));
    const cellWidth = Math.max(readable, Math.floor((columns - nameWidth) / beside) - 2);
    const parts = Array.from({ length: Math.ceil(runs.length / beside) }, (_, part) => part * beside);
    return parts.flatMap((from, part) => {
      const cut = <T>(list: readonly T[]): readonly T[] => list.slice(from, from + beside);
      const lines = [[title, ...cut(letters)], ...rows.map(({ name, texts }) => [shortenMiddle(name, nameWidth), ...cut(texts).map((text) => shortenMiddle(text, cellWidth))])];
      return [...(part === 0 ? [] : [""]), ...headed(alignRows(lines, ["left", ...cut(letters).map(() => "right" as const)]), style)];
    });
  };
  const differing = differences(runs);
  return [
    ...runs.map(({ path }, at) => `${style.bold(letterOf(at))}  ${path}`),
    "",
    ...(differing.length === 0 ? ["The settings are equal."] : table("Setting", differing)),
    "",
    ...table("Result", results(runs)),
  ];
}

function headed([head = "", ...rows]: readonly string[], style: Style): readonly string[] {
  return [style.bold(head), ...rows];
}

/** How long ago, in words: `12 s`, `5 min`, `3 h`, `2 d`. */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
