import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ExampleError, extract } from "./extract.js";
import { run, typeCheck, write } from "./run.js";

const root = resolve(import.meta.dirname, "../..");
const folder = resolve(root, `tests/temp/examples-${process.pid}`);

/** The files below a folder with one of the endings, except installed and generated ones. */
function files(under: string, ending: RegExp): readonly string[] {
  if (!existsSync(join(root, under))) return [];
  return readdirSync(join(root, under), { withFileTypes: true }).flatMap((entry) => {
    const path = join(under, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|temp|runs|\..*)$/.test(entry.name) ? [] : files(path, ending);
    return ending.test(entry.name) ? [path] : [];
  });
}

const packages = readdirSync(join(root, "packages"));
const paths = [
  ...packages.flatMap((name) => files(`packages/${name}/src`, /\.ts$/)),
  ...packages.flatMap((name) => files(`packages/${name}`, /^README\.md$/)),
  ...files("apps", /^README\.md$/),
  ...files("apps/site/pages", /\.md$/),
  ...files("docs", /\.md$/),
  "README.md",
  "CONTRIBUTING.md",
].filter((path) => existsSync(join(root, path)));

/** Problems of reading and writing examples, with their positions. They are collected so that one file does not hide the problems of the others. */
const unreadable: string[] = [];

function attempt<T>(action: () => readonly T[]): readonly T[] {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof ExampleError)) throw error;
    unreadable.push(error.message);
    return [];
  }
}

const written = paths
  .flatMap((path) => attempt(() => extract(path.split(sep).join("/"), readFileSync(join(root, path), "utf8"))))
  .flatMap((example) => attempt(() => [write(example, folder)]));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("all examples can be read", () => {
  expect(unreadable).toEqual([]);
});

test("all examples pass the type check", { timeout: 300_000 }, () => {
  expect(typeCheck(written, resolve(root, "tests/tsconfig.json"))).toEqual([]);
});

describe("runs as it says", () => {
  for (const one of written.filter(({ example }) => example.runs)) {
    test(`${one.example.file}:${one.example.blocks[0]?.line}`, { timeout: 60_000 }, () => run(one));
  }
});
