import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = readFileSync(resolve(root, "docs/architecture.md"), "utf8").replaceAll(/```[\s\S]*?```/g, "");
const isIgnored = (name: string): boolean => ["node_modules", "temp", "dist", "output"].includes(name);

/** The files of a folder, in it and below. */
function filesIn(folder: string): string[] {
  const path = resolve(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => !isIgnored(name)).flatMap((name) => {
    const file = `${folder}/${name}`;
    return statSync(resolve(root, file)).isDirectory() ? filesIn(file) : [file];
  });
}

const files = [...readdirSync(root), ...["packages", "apps", "tests", "examples", "benchmarks", "scripts"].flatMap(filesIn)];

const codeIn = (part: string): string[] => [...part.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
const isPath = (code: string): boolean => /^[\w.*<>/-]+\/$|\.(ts|mjs|cjs|json)$/.test(code);

/** The files that a path of the document may mean: it may leave out the folders that it begins with, and `*` and `<name>` stand for a name. */
function filesAt(path: string): string[] {
  const pattern = path.replaceAll(".", "\\.").replaceAll(/\*|<\w+>/g, "[^/]+").replace(/\/$/, "/.+");
  return files.filter((file) => new RegExp(`(^|/)${pattern}$`).test(file));
}

it("every file and folder that the architecture names exists", () => {
  const paths = codeIn(text).filter(isPath);
  expect(paths.length).toBeGreaterThan(80);
  expect(paths.filter((path) => filesAt(path).length === 0)).toEqual([]);
});

const [, table = ""] = text.split("## Where is it decided?");
const rows = (table.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("| ") && line.includes("`"));

it.each(rows)("%s", (row) => {
  const code = codeIn(row);
  const sources = code.filter(isPath).flatMap(filesAt).map((file) => readFileSync(resolve(root, file), "utf8"));
  const missing = code.filter((name) => !isPath(name)).flatMap((name) => name.split(".")).filter((name) => !sources.some((source) => source.includes(name)));
  expect(missing).toEqual([]);
});
