import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../test/reference/format.js";

/** The contents of the files of a folder, and the problems of those that cannot be read. */
export interface Folder {
  readonly cases: ReadonlyMap<string, readonly Case[]>;
  readonly problems: readonly string[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

const isCase = (value: unknown): value is Case =>
  isRecord(value) && typeof value["id"] === "string" && typeof value["target"] === "string" && isRecord(value["args"]);

function parse(text: string): { readonly category: string; readonly cases: readonly Case[] } {
  const content: unknown = JSON.parse(text);
  if (!isRecord(content)) throw new TypeError("expected an object with `category` and `cases`");
  const { category, cases } = content;
  if (typeof category !== "string") throw new TypeError("has no `category`");
  if (!Array.isArray(cases)) throw new TypeError("has no list of `cases`");
  const malformed = cases.findIndex((one) => !isCase(one));
  if (malformed !== -1) throw new TypeError(`case ${malformed} lacks an \`id\`, a \`target\` or \`args\``);
  return { category, cases: cases.filter(isCase) };
}

/** Reads all JSON files of a folder. Files of the same category are merged. */
export function readFolder(folder: string): Folder {
  const cases = new Map<string, readonly Case[]>();
  const problems: string[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")).toSorted()) {
    try {
      const content = parse(readFileSync(join(folder, file), "utf8"));
      cases.set(content.category, [...(cases.get(content.category) ?? []), ...content.cases]);
    } catch (error) {
      problems.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (cases.size === 0 && problems.length === 0) problems.push(`${folder} has no JSON files`);
  return { cases, problems };
}
