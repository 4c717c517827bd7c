import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = resolve(root, "examples/side-by-side");

/** The lines of files that exist, without blank ones and comments. */
const linesOf = (...files: readonly string[]): string[] =>
  files.filter((file) => existsSync(resolve(folder, file)))
    .flatMap((file) => readFileSync(resolve(folder, file), "utf8").split("\n"))
    .filter((line) => line.trim() !== "" && !/^\s*(\/\/|#)/.test(line));

const kinds = readdirSync(folder).filter((name) => name.endsWith(".py")).map((name) => name.slice(0, -3));
const programs = kinds.map((kind) => ({ kind, ours: linesOf(`${kind}.ts`, `${kind}.sh`), keras: linesOf(`${kind}.py`, `${kind}-keras.sh`) }));

const withoutImports = (lines: readonly string[]): string[] => lines.filter((line) => !/^(import|from) /.test(line));
const countsOf = ({ ours, keras }: { readonly ours: readonly string[]; readonly keras: readonly string[] }): number[] =>
  [ours, keras, withoutImports(ours), withoutImports(keras)].map(({ length }) => length);

const page = readFileSync(resolve(root, "docs/from-keras.md"), "utf8");

test("the table of lines says what the files have", () => {
  const rows = [...page.matchAll(/^\| [^|]+ \| \[(\d+)\]\(\.\.\/examples\/side-by-side\/([\w-]+)\.ts\) \| \[(\d+)\]\(\.\.\/examples\/side-by-side\/([\w-]+)\.py\) \| (\d+) \| (\d+) \|/gm)];
  const said = Object.fromEntries(rows.map(([, ours, kind = "", keras, sameKind, oursAlone, kerasAlone]) => [kind, { sameKind, counts: [ours, keras, oursAlone, kerasAlone].map(Number) }]));
  expect(said).toEqual(Object.fromEntries(programs.map((program) => [program.kind, { sameKind: program.kind, counts: countsOf(program) }])));
  const totals = programs.map(countsOf).reduce((sums, counts) => sums.map((sum, at) => sum + (counts[at] ?? NaN)));
  expect(page).toContain(`\n| all | ${totals.join(" | ")} | |\n`);
});

test("no program has long lines, and each is written with both libraries", () => {
  expect(kinds).toHaveLength(15);
  for (const { kind, ours, keras } of programs) {
    expect([kind, ...[...ours, ...keras].filter(({ length }) => length > 110)]).toEqual([kind]);
    expect(Math.min(ours.length, keras.length)).toBeGreaterThan(10);
  }
});
