import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findRuns, recordFileName } from "../../src/node.js";

let root = "";
beforeEach(() => (root = mkdtempSync(join(tmpdir(), "nn-find-"))));
afterEach(() => rmSync(root, { recursive: true }));

function run(...names: readonly string[]): void {
  mkdirSync(join(root, ...names), { recursive: true });
  writeFileSync(join(root, ...names, recordFileName), "12345");
}

const found = async (folder = root): Promise<readonly string[]> => (await findRuns(folder)).map((each) => relative(root, each.folder)).toSorted();

it("finds runs up to three levels down, the folder itself and runs within runs too", async () => {
  run("a");
  run("a", "inner");
  run("b", "c", "d");
  run("b", "c", "d", "too deep");
  mkdirSync(join(root, "empty"));
  expect(await found()).toEqual(["a", join("a", "inner"), join("b", "c", "d")]);
  expect(await found(join(root, "a"))).toEqual(["a", join("a", "inner")]);
});

it("follows no links, and looks into no hidden folders", async () => {
  run("a");
  run(".hidden");
  run("node_modules", "b");
  symlinkSync(join(root, "a"), join(root, "link"));
  expect(await found()).toEqual(["a"]);
});

it("tells the size and the times of the file", async () => {
  const before = Date.now();
  run("a");
  const [only] = await findRuns(root);
  expect(only?.size).toBe(5);
  for (const time of [only?.began, only?.updated]) expect(Math.abs((time ?? 0) - before)).toBeLessThan(60_000);
});

it("refuses a folder that cannot be read, and what is none", async () => {
  await expect(findRuns(join(root, "none"))).rejects.toThrow(/^findRuns: cannot read ".*none": there is no such file or folder$/);
  // @ts-expect-error -- a path is expected
  await expect(findRuns(3)).rejects.toThrow("findRuns: the folder is 3, expected a string");
});
