import { competitorIds, competitors, type CompetitorId } from "../competitors.js";
import { entryOf, type Entry, type Result } from "../results.js";
import type { Workload } from "../workloads/workload.js";
import { factor, percent, quantity, rate, spread } from "./format.js";
import { table } from "./table.js";

/** The results of one workload: the cases side by side, a row for each competitor. */
export function reportWorkload(workload: Workload, results: readonly Result[]): string {
  const body = workload.name === "roofline" ? rates(results) : comparison(workload, results);
  return [`## ${workload.title}`, ...(workload.note === undefined ? [] : [workload.note]), body, ...remarks(results)].join("\n\n");
}

/** The speed of the machine itself. */
function rates(results: readonly Result[]): string {
  const rows = results.map((result) => {
    const { value } = entryOf(result, "roofline") ?? {};
    if (value === undefined || result.cost === undefined) return [result.case, "-", "-"];
    const { cost } = result;
    return [result.case, rate(cost, value.median), spread({ lower: value.upper, upper: value.lower }, (time) => rate(cost, time))];
  });
  return table(["", "median", "quartiles"], rows);
}

function comparison(workload: Workload, results: readonly Result[]): string {
  const rows = participants(results).flatMap((id) => {
    if (id === "roofline") return [["nn's fraction of the roofline", ...results.map((result) => fraction(entryOf(result, id)))]];
    return [[competitors[id].title, ...results.map((result) => cell(id, entryOf(result, id), result))]];
  });
  return table(["", ...results.map((result) => (result.case === "" ? workload.title : result.case))], rows);
}

/** All competitors with a value: nn first, then its fraction of the roofline, then the others. One that failed everywhere is among the remarks only. */
function participants(results: readonly Result[]): readonly CompetitorId[] {
  const there = competitorIds.filter((id) => results.some((result) => entryOf(result, id)?.value !== undefined));
  const rank = (id: CompetitorId): number => (id === "nn" ? 0 : id === "roofline" ? 1 : 2);
  return there.toSorted((a, b) => rank(a) - rank(b));
}

function cell(id: CompetitorId, entry: Entry | undefined, { unit }: Result): string {
  if (entry === undefined) return "";
  if (entry.value === undefined) return "failed";
  const value = quantity(entry.value.median, unit) + (entry.problem === undefined ? "" : " (!)");
  return id === "nn" || entry.ratio === undefined ? value : `${value}, ${factor(entry.ratio.median)}`;
}

function fraction(entry: Entry | undefined): string {
  return entry?.ratio === undefined ? "" : percent(1 / entry.ratio.median);
}

/** What went wrong, each thing once with the cases that it concerns, and where other programs disturbed. */
function remarks(results: readonly Result[]): readonly string[] {
  const problems = new Map<string, string[]>();
  for (const result of results) {
    for (const { competitor, problem } of result.entries) {
      if (problem === undefined) continue;
      const key = `${competitors[competitor].title}${entryOf(result, competitor)?.value === undefined ? ", not measured" : ""}: \`${problem}\``;
      problems.set(key, [...(problems.get(key) ?? []), result.case]);
    }
  }
  const listed = [...problems].map(([problem, cases]) => `- ${problem}${cases.length === results.length ? "" : ` (${cases.join("; ")})`}`);
  const noisy = results.filter((result) => result.noisy > 0).map((result) => `${result.case} (${result.noisy} of ${result.rounds} rounds)`);
  return [
    ...(listed.length === 0 ? [] : [listed.join("\n")]),
    ...(noisy.length === 0 ? [] : [`Other programs kept the processor busy during: ${noisy.join("; ")}.`]),
  ];
}

/** Every median with its quartiles, below a row with the name of the case. */
export function reportDetails(results: readonly Result[]): string {
  const rows = results.flatMap((result) => {
    const write = (each: number): string => quantity(each, result.unit);
    const measured = result.entries.flatMap(({ competitor, value, ratio }) => {
      if (value === undefined) return [];
      const compared = ratio === undefined || competitor === "nn" ? ["", ""] : [factor(ratio.median), spread(ratio, factor)];
      return [[competitors[competitor].title, write(value.median), spread(value, write), ...compared, String(value.count)]];
    });
    const name = [result.workload, result.case].filter(Boolean).join(": ");
    return [[name], ...measured];
  });
  return table(["workload, by", "median", "quartiles", "nn to it", "quartiles", "rounds"], rows);
}
