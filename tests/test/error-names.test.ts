import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** The source files of the packages and the application. */
const files = [...readdirSync(join(root, "packages")).map((name) => `packages/${name}/src`), "apps/mlp-classifier/src"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => `${folder}/${name}`));

/** The classes of errors: the name of the class, that of its errors, and the file. */
const classes = files.flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/^export class (\w+) extends (?:\w*Error|\w*Failure)\b[^{]*\{\n(.*)\n/gm)].map(([, name = "", first = ""]) => ({ file, name, told: /^ {2}override readonly name(?:: string)? = "(\w+)";$/.exec(first)?.[1] }));
});

test("every class of errors says its name, which no bundler changes", () => {
  expect(classes.length).toBeGreaterThan(30);
  expect(classes.filter(({ name, told }) => name !== told)).toEqual([]);
});

test("no two classes of errors have one name: a bundle would print one of them with a number behind it", () => {
  expect(classes.filter(({ name }, at) => classes.findIndex((other) => other.name === name) < at)).toEqual([]);
});
