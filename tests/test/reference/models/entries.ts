import type { Module } from "@nn/layers";
import { sizeOf } from "@nn/tensor/extend";
import type { Comparison } from "../compare.js";
import { dtypeOf, type Alternative, type RecordedEntry, type Section } from "./format.js";

const line = ([name, shape, dtype]: RecordedEntry): string => `${name} ${dtype} [${shape.join(", ")}]`;

/** Compares the names, shapes and dtypes of a state dictionary, in order. */
export function compareEntries(model: Module, want: readonly RecordedEntry[]): Comparison {
  const found = Object.entries(model.stateDict()).map(([name, { shape, dtype }]) => line([name, shape, dtype]));
  const expected = want.map(([name, shape, dtype]) => line([name, shape, dtypeOf(dtype)]));
  const at = expected.findIndex((each, position) => each !== found[position]);
  if (at !== -1) return { worst: Infinity, failure: `entry ${at} is ${found[at] ?? "missing"}, expected ${expected[at]}` };
  if (found.length > expected.length) return { worst: Infinity, failure: `entry ${expected.length} is ${found[expected.length]}, expected no more` };
  return { worst: 0 };
}

/** Compares the number of parameters, each counted once. */
export function compareCount(model: Module, want: number | undefined): Comparison {
  const found = model.parameters().reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return want === undefined || found === want ? { worst: 0 } : { worst: Infinity, failure: `there are ${found} parameters, expected ${want}` };
}

/** The entries of a section: its own, or those of another one with changes. */
export function entriesOf(section: Section, siblings: Readonly<Record<string, unknown>>): readonly RecordedEntry[] {
  const { keys, keysAs, keysChanged = [] } = section;
  if (keys !== undefined) return keys;
  const other = siblings[keysAs ?? ""] as Section | undefined;
  if (other === undefined) throw new TypeError(`there is no section ${JSON.stringify(keysAs)} whose keys could be the same`);
  const changed = new Map(keysChanged.map((entry) => [entry[0], entry]));
  return entriesOf(other, siblings).map((entry) => changed.get(entry[0]) ?? entry);
}

/** The entries of a further configuration: a list, a text about the standard list, or those of one layer. */
export function entriesOfAlternative(alternative: Alternative, standard: Section): readonly RecordedEntry[] {
  const { keys, count, config, keysBeforeLayers = [], keysOfLayer = [], keysAfterLayers = [] } = alternative;
  if (typeof keys === "object") return keys;
  if (keys === undefined) {
    const layers = Array.from({ length: Number(config["num_hidden_layers"]) }, (_, layer) => keysOfLayer.map(([name, ...rest]) => [name.replace(".N.", `.${layer}.`), ...rest] as const));
    return [...keysBeforeLayers, ...layers.flat(), ...keysAfterLayers].map(([name, shape, dtype = "float32"]) => [name, shape, dtype]);
  }
  const prefixes = /^the standard list without the names that begin with (.+)$/.exec(keys)?.[1]?.split(" or ");
  if (prefixes === undefined) throw new TypeError(`the keys ${JSON.stringify(keys)} are not understood`);
  const kept = (standard.keys ?? []).filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix)));
  if (count !== undefined && kept.length !== count) throw new TypeError(`there are ${kept.length} such names, recorded were ${count}`);
  return kept;
}
