import { contestantIds, contestants, type ContestantId } from "../contestants.js";
import { entryOf, type Entry, type Result } from "../results.js";
import type { Work } from "../works/work.js";
import { factor, percent, quantity, rate, spread } from "./format.js";
import { table } from "./table.js";

/** The results of one work: the cases side by side, a line for each contestant. */
export function reportWork(work: Work, results: readonly Result[]): string {
  const body = work.name === "ceiling" ? rates(results) : comparison(work, results);
  return [`## ${work.title}`, ...(work.note === undefined ? [] : [work.note]), body, ...remarks(results)].join("\n\n");
}

/** Of the machine itself: how fast it is. */
function rates(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { value } = entryOf(result, "machine") ?? {};
    if (value === undefined || result.cost === undefined) return [result.case, "-", "-"];
    const { cost } = result;
    return [result.case, rate(cost, value.median), spread({ lower: value.upper, upper: value.lower }, (time) => rate(cost, time))];
  });
  return table(["", "median", "quartiles"], rows);
}

function comparison(work: Work, results: readonly Result[]): string {
  const rows = participants(results).flatMap((id) => {
    if (id === "machine") return [["nn's share of the ceiling", ...results.map((result) => share(entryOf(result, id)))]];
    return [[contestants[id].title, ...results.map((result) => cell(id, entryOf(result, id), result))]];
  });
  return table(["", ...results.map((result) => (result.case === "" ? work.title : result.case))], rows);
}

/** Everybody with an entry, nn first, the share of the ceiling after it. */
function participants(results: readonly Result[]): readonly ContestantId[] {
  const there = contestantIds.filter((id) => results.some((result) => entryOf(result, id) !== undefined));
  const rank = (id: ContestantId): number => (id === "nn" ? 0 : id === "machine" ? 1 : 2);
  return there.toSorted((a, b) => rank(a) - rank(b));
}

function cell(id: ContestantId, entry: Entry | undefined, { unit }: Result): string {
  if (entry === undefined) return "";
  if (entry.value === undefined) return "failed";
  const value = quantity(entry.value.median, unit) + (entry.problem === undefined ? "" : " (!)");
  return id === "nn" || entry.ratio === undefined ? value : `${value}, ${factor(entry.ratio.median)}`;
}

function share(entry: Entry | undefined): string {
  return entry?.ratio === undefined ? "" : percent(1 / entry.ratio.median);
}

function remarks(results: readonly Result[]): readonly string[] {
  const problems = results.flatMap((result) =>
    result.entries.flatMap(({ contestant, problem }) => (problem === undefined ? [] : [`- ${contestants[contestant].title}, ${result.case}: ${problem}`])),
  );
  const disturbed = results.filter((result) => result.disturbed > 0).map((result) => `${result.case} (${result.disturbed} of ${result.rounds} rounds)`);
  return [
    ...(problems.length === 0 ? [] : [problems.join("\n")]),
    ...(disturbed.length === 0 ? [] : [`Other programs kept the processor busy during: ${disturbed.join("; ")}.`]),
  ];
}

/** Every median with its quartiles. */
export function reportDetails(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    result.entries.flatMap(({ contestant, value, ratio }) => {
      if (value === undefined) return [];
      const write = (each: number): string => quantity(each, result.unit);
      const compared = ratio === undefined || contestant === "nn" ? ["", ""] : [factor(ratio.median), spread(ratio, factor)];
      return [[[result.work, result.case].filter(Boolean).join(": "), contestants[contestant].title, write(value.median), spread(value, write), ...compared, String(value.count)]];
    }),
  );
  return table(["work", "by", "median", "quartiles", "nn to it", "quartiles", "rounds"], rows);
}
