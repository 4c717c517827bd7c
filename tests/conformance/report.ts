import { categories, isCategory, notCompiled, type Category } from "../test/reference/categories.js";
import { compiled, eager, type Execution } from "../test/reference/execution.js";
import type { Case } from "../test/reference/format.js";
import type { Outcome } from "../test/reference/outcome.js";
import type { Folder } from "./folder.js";
import { releaseMemory } from "./release-memory.js";

/** The text to print, and whether everything passed. */
export interface Report {
  readonly lines: readonly string[];
  readonly passed: boolean;
}

const columns = ["category", "mode", "passed", "failed", "refused", "unknown", "optional", "worst error"] as const;

function row(category: string, mode: string, outcomes: readonly Outcome[]): readonly string[] {
  const count = (status: Outcome["status"], optional?: boolean): string =>
    String(outcomes.filter((outcome) => outcome.status === status && (optional ?? outcome.optional) === outcome.optional).length);
  const worst = Math.max(0, ...outcomes.map((outcome) => outcome.worst));
  return [category, mode, count("passed"), count("failed"), count("refused"), count("unknown", false), count("unknown", true), worst.toPrecision(2)];
}

/** Aligns words to the left and numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map((_, at) => Math.max(...rows.map((cells) => (cells[at] ?? "").length)));
  return rows.map((cells) => cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ").trimEnd());
}

/** Sentences about cases, each with the modes to which it applies. */
type Remarks = Map<string, string[]>;

function remark(remarks: Remarks, mode: string, category: string, { id, target, reasons }: Outcome): void {
  const text = `${category}: ${id} (${target}): ${reasons.join("; ")}`;
  remarks.set(text, [...(remarks.get(text) ?? []), mode]);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

const remarked = (title: string, remarks: Remarks): readonly string[] =>
  section(title, [...remarks].map(([text, modes]) => `${text} [${modes.join(", ")}]`));

/** Runs all cases in both modes. Reports the outcome of each category, of each case that did not pass, and of each file. */
export async function report({ cases, models, onnxFiles, storedFiles, problems }: Folder): Promise<Report> {
  const rows: (readonly string[])[] = [columns];
  const [wrong, refused]: [Remarks, Remarks] = [new Map(), new Map()];
  const note = (category: string, mode: string, outcomes: readonly Outcome[]): void => {
    rows.push(row(category, mode, outcomes));
    for (const outcome of outcomes) {
      if (outcome.status === "failed" || (outcome.status === "unknown" && !outcome.optional)) remark(wrong, mode, category, outcome);
      if (outcome.status === "refused") remark(refused, mode, category, outcome);
    }
  };
  const run = (category: Category, all: readonly Case[], execution: Execution): void =>
    note(category, execution.name, all.map((one) => categories[category](one, execution)));

  for (const [category, all] of cases) {
    if (!isCategory(category)) continue;
    for (const execution of notCompiled.includes(category) ? [eager] : [eager, compiled]) run(category, all, execution);
  }
  for (const mode of onnxFiles.length === 0 ? [] : [eager.name, compiled.name]) note("onnx", mode, onnxFiles.filter((each) => each.mode === mode).map(({ run: runFile }) => runFile()));
  if (storedFiles.length > 0) note("checkpoints", eager.name, await Promise.all(storedFiles.map(({ run: readFile }) => readFile())));
  for (const mode of models.length === 0 ? [] : [eager.name, compiled.name]) {
    const outcomes: Outcome[] = [];
    for (const one of models.filter((each) => each.mode === mode)) {
      outcomes.push(one.run());
      // Models can be large: together they would not fit.
      await releaseMemory();
    }
    note("models", mode, outcomes);
  }
  const strange = [...cases].filter(([category]) => !isCategory(category)).map(([category, all]) => `${category} (cases: ${all.length}): nothing runs this category`);
  return {
    lines: [
      ...table(rows),
      ...remarked("Refused, because it depends on values that a compiled program cannot know beforehand", refused),
      ...remarked("Failed, or unknown without being optional", wrong),
      ...section("Could not be run", [...problems, ...strange]),
    ],
    passed: wrong.size === 0 && problems.length === 0 && strange.length === 0,
  };
}
