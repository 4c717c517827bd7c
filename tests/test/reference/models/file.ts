import type { Comparison } from "../compare.js";
import { compiled, eager } from "../execution.js";
import type { Case } from "../format.js";
import { outcomeOf, type Outcome } from "../outcome.js";
import { compareCount, compareEntries, entriesOf, entriesOfAlternative } from "./entries.js";
import type { Alternative, Section } from "./format.js";
import { modelOf, runEvaluation, runGreedy, runTraining, type Subject } from "./run.js";

type Json = Readonly<Record<string, unknown>>;

/** A file with the recordings of a model. */
export interface ModelFile extends Json {
  readonly name: string;
}

/** A case of such a file: what it compares, how expensive it is, and how it runs. */
export interface ModelCase {
  readonly id: string;
  readonly mode: "eager" | "compiled";
  /** The number of elements of the state that take part; 0 if the model gets no elements. */
  readonly size: number;
  /** The number of entries of the state: the depth of the model. */
  readonly depth: number;
  readonly run: () => Outcome;
}

const isRecord = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

const isSection = (value: unknown): value is Section => isRecord(value) && isRecord(value["config"]);

/** Whether the content of a file is the recording of a model. */
export const isModelFile = (content: unknown): content is ModelFile => isRecord(content) && typeof content["name"] === "string" && sectionsOf(content).length > 0;

/** A section with its place in the file. */
interface PlacedSection extends Subject {
  readonly path: string;
  readonly siblings: Json;
}

const texts = new Set(["name", "source", "definition", "note", "notes", "alternatives"]);
const fields = new Set(["class", "config", "parameters", "note", "keys", "keysAs", "keysChanged", "tied", "eval", "train", "greedy"]);

/** The sections of a file; a group of sections, such as the generator of a GAN, has a name of its own. */
function sectionsOf(content: Json, name = String(content["name"]), prefix = ""): PlacedSection[] {
  return Object.entries(content).flatMap(([key, value]): PlacedSection[] => {
    if (isSection(value)) return [{ name, path: `${prefix}${key}`, siblings: content, section: value }];
    return isRecord(value) ? sectionsOf(value, `${name}.${key}`, `${prefix}${key}.`) : [];
  });
}

/** All cases of a file. */
export function casesOfModel(file: ModelFile): readonly ModelCase[] {
  const sections = sectionsOf(file);
  const groups = new Set(sections.map(({ path }) => path.split(".")[0]));
  const unknown = Object.keys(file).filter((key) => !texts.has(key) && !groups.has(key));
  const all = sections.flatMap(casesOfSection);
  const alternatives = (file["alternatives"] ?? []) as readonly Alternative[];
  const standard = sections.find(({ path }) => path === "standard");
  const others = alternatives.map((alternative, at): ModelCase => caseOf(file.name, `alternative ${at}, names`, "eager", 0, 0, () => {
    if (standard === undefined) throw new TypeError("there is no standard section");
    const config = { ...standard.section.config, ...alternative.config };
    return [compareEntries(modelOf(standard, config), entriesOfAlternative(alternative, standard.section))];
  }));
  const complaints = unknown.map((key) => caseOf(file.name, key, "eager", 0, 0, () => { throw new TypeError(`the runner does not know the section ${key}`); }));
  return [...all, ...others, ...complaints];
}

function casesOfSection(placed: PlacedSection): ModelCase[] {
  const { name, path, section, siblings } = placed;
  const { eval: evaluation, train, greedy } = section;
  const entries = entriesOf(section, siblings);
  const size = entries.reduce((sum, [, shape]) => sum + shape.reduce((product, length) => product * length, 1), 0);
  const inBoth = (part: string, run: (execution: typeof eager) => readonly Comparison[]): ModelCase[] =>
    [eager, compiled].map((execution) => caseOf(name, `${path}, ${part}`, execution === eager ? "eager" : "compiled", size, entries.length, () => run(execution)));
  return [
    caseOf(name, `${path}, names`, "eager", 0, entries.length, () => {
      const strange = Object.keys(section).filter((field) => !fields.has(field));
      if (strange.length > 0) throw new TypeError(`the runner does not know the fields ${strange.join(", ")}`);
      const model = modelOf(placed);
      return [compareEntries(model, entries), compareCount(model, section.parameters)];
    }),
    ...(evaluation === undefined ? [] : inBoth("evaluation", (execution) => runEvaluation(placed, evaluation, execution))),
    ...(train === undefined ? [] : inBoth("training", (execution) => runTraining(placed, train, execution))),
    ...(greedy === undefined ? [] : inBoth("greedy", (execution) => runGreedy(placed, greedy, execution))),
  ];
}

function caseOf(name: string, part: string, mode: ModelCase["mode"], size: number, depth: number, run: () => readonly Comparison[]): ModelCase {
  const one: Case = { id: `${name}, ${part}`, target: name, args: {} };
  return { id: one.id, mode, size, depth, run: () => outcomeOf(one, run) };
}

/** Whether a case takes less than about a second. */
export const isQuick = ({ size, depth }: ModelCase): boolean => size === 0 || (size <= 200_000 && depth <= 70);
