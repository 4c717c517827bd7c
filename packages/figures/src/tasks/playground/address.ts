import { activations, dataSets, limits, namesOf, optimizers, ownNames, penalties, problems, schedules } from "./choices.js";
import { picturesOf, picturesText } from "./picture-text.js";
import { pointsOf, textOf } from "./point-text.js";
import { consistent, firstSettings, inputKind, isOwn, type PlaygroundSettings } from "./settings.js";

/** What an address holds: the settings, and how the output is shown. */
export interface Shared extends PlaygroundSettings {
  readonly showTest: boolean;
  readonly discrete: boolean;
}

export const firstShared: Shared = { ...firstSettings, showTest: false, discrete: false };

/** A part of an address, such as `layers=4-2`. */
interface Part {
  readonly write: (shared: Shared) => string;
  /** What a text means; `undefined` if it means nothing. */
  readonly read: (text: string, before: Shared) => Partial<Shared> | undefined;
}

/** A number in a range. */
function numberIn(text: string, low: number, high: number, whole = true): number | undefined {
  const value = /^\d+(\.\d+)?(e-?\d+)?$/.test(text) ? Number(text) : NaN;
  return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
}

type Numeric = "classes" | "noise" | "trainShare" | "batchSize" | "learningRate" | "penaltyRate" | "dropout" | "seed";
type Flag = "batchNorm" | "showTest" | "discrete";

const numeric = (field: Numeric, low: number, high: number, whole = true): Part => ({
  write: (shared) => String(shared[field]),
  read: (text) => {
    const value = numberIn(text, low, high, whole);
    return value === undefined ? undefined : { [field]: value };
  },
});

const flag = (field: Flag): Part => ({ write: (shared) => (shared[field] ? "1" : "0"), read: (text) => (/^[01]$/.test(text) ? { [field]: text === "1" } : undefined) });

const choice = <Field extends "problem" | "activation" | "optimizer" | "schedule" | "penalty">(field: Field, values: readonly PlaygroundSettings[Field][]): Part => ({
  write: (shared) => shared[field],
  read: (text) => {
    const value = values.find((each) => each === text);
    return value === undefined ? undefined : { [field]: value };
  },
});

const data: Part = {
  write: ({ data: name }) => name,
  read: (text) => {
    const own = ownNames.find((each) => each === text);
    if (own !== undefined) return { data: own };
    const name = namesOf(dataSets).find((each) => each === text);
    return name === undefined ? undefined : { data: name, problem: dataSets[name].problem };
  },
};

const points: Part = {
  write: ({ data: name, own, problem }) => (name === "points" && own !== undefined ? textOf(own, problem) : ""),
  read: (text, { data: name, problem }) => {
    const own = name === "points" ? pointsOf(text, problem) : undefined;
    return own === undefined ? undefined : { own };
  },
};

const pictures: Part = {
  write: ({ data: name, own }) => (name === "pictures" && own !== undefined ? picturesText(own) : ""),
  read: (text, { data: name }) => {
    const own = name === "pictures" ? picturesOf(text) : undefined;
    return own === undefined ? undefined : { own, problem: "classification" };
  },
};

const features: Part = {
  // Pictures have no choice.
  write: (shared) => (inputKind(shared) === "pictures" ? firstSettings.features : shared.features).join("_"),
  // Settings that do not fit the data are made to fit in the end.
  read: (text) => (/^[a-z0-9]+(_[a-z0-9]+)*$/.test(text) ? { features: text.split("_") } : undefined),
};

const layers: Part = {
  write: (shared) => shared.layers.join("-"),
  read: (text) => {
    const units = text === "" ? [] : text.split("-").map((each) => numberIn(each, 1, limits.units));
    return units.length > limits.layers || units.includes(undefined) ? undefined : { layers: units.filter((each) => each !== undefined) };
  },
};

const mostClasses = Math.max(...namesOf(dataSets).map((name) => dataSets[name].classes));

/** The parts of an address, in the order in which they are read. */
const parts: Readonly<Record<string, Part>> = {
  problem: choice("problem", problems), data, points, pictures, classes: numeric("classes", 2, mostClasses), noise: numeric("noise", 0, limits.noise), train: numeric("trainShare", 10, 90),
  batch: numeric("batchSize", 1, limits.batchSize), features, layers, activation: choice("activation", namesOf(activations)), optimizer: choice("optimizer", namesOf(optimizers)),
  rate: numeric("learningRate", 1e-6, 100, false), schedule: choice("schedule", namesOf(schedules)), penalty: choice("penalty", penalties), penaltyrate: numeric("penaltyRate", 0, 100, false),
  norm: flag("batchNorm"), dropout: numeric("dropout", 0, 0.9, false), seed: numeric("seed", 0, 1e6), test: flag("showTest"), discrete: flag("discrete"),
};

/** The parts of an address that differ from the first settings, as parameters of a query. */
export function addressOf(shared: Shared): URLSearchParams {
  const written = Object.entries(parts).map(([name, { write }]) => [name, write(shared), write(firstShared)] as const);
  return new URLSearchParams(written.filter(([, text, first]) => text !== first).map(([name, text]) => [name, text]));
}

/** Whether an address can hold the data: tables are too large. */
export const isShareable = ({ data: name }: Shared): boolean => name !== "table";

/** What an address means. Parts that mean nothing are left out, and named. */
export function sharedFrom(query: URLSearchParams): { readonly shared: Shared; readonly refused: readonly string[] } {
  const refused: string[] = [];
  const read = { ...firstShared };
  for (const [name, part] of Object.entries(parts)) {
    const text = query.get(name);
    if (text === null) continue;
    const meaning = part.read(text, read);
    if (meaning === undefined) refused.push(name);
    else Object.assign(read, meaning);
  }
  let shared: Shared = read;
  if (isOwn(shared.data) && shared.own === undefined) {
    const part = shared.data === "table" ? "data" : shared.data;
    if (!refused.includes(part)) refused.push(part);
    shared = { ...shared, data: firstShared.data, problem: firstShared.problem };
  }
  const asked = shared.features;
  const fitting = { ...shared, ...consistent(shared) };
  if (query.has("features") && asked.some((name) => !fitting.features.includes(name))) refused.push("features");
  return { shared: fitting, refused };
}
