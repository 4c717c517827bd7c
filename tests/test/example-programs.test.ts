import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = resolve(root, "examples");
const read = (...path: readonly string[]): string => readFileSync(resolve(root, ...path), "utf8");
const names = readdirSync(folder).filter((name) => existsSync(resolve(folder, name, "main.ts")));

/** Where the links of a Markdown text point to within the repository, without anchors. */
const linksOf = (text: string): string[] => [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = ""]) => target);

test("there are examples", () => {
  expect(names.length).toBeGreaterThan(20);
});

describe.each(names)("%s", (name) => {
  test("has a test of its result", () => {
    expect(existsSync(resolve(folder, name, `${name}.slow.ts`))).toBe(true);
  });

  test("has a page with the command, a picture, and how long it takes; its links lead somewhere", () => {
    const page = read("examples", name, "README.md");
    expect(page).toContain(`npm run example -- ${name}\n`);
    expect(page).toMatch(new RegExp(`!\\[.+\\]\\(${name}\\.(svg|png)\\)`));
    expect(page).toMatch(/^It takes about /m);
    expect(linksOf(page).filter((link) => !existsSync(resolve(folder, name, link)))).toEqual([]);
  });

  test("is in the lists of examples", () => {
    expect(linksOf(read("examples", "README.md"))).toContain(name);
    expect(linksOf(read("docs", "examples.md"))).toContain(`../examples/${name}`);
  });
});

test("the lists name only existing examples", () => {
  expect(linksOf(read("examples", "README.md")).filter((link) => !existsSync(resolve(folder, link)))).toEqual([]);
  expect(linksOf(read("docs", "examples.md")).filter((link) => !existsSync(resolve(root, "docs", link)))).toEqual([]);
});
