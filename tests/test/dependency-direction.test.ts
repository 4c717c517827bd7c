import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Modules that break one rule each, with the offending import. */
const forbidden = [
  ["a package of the same layer", "losses/src/same-layer.ts", 'export { layers } from "@nn/layers";', "direction-losses"],
  ["a higher package", "tensor/src/higher.ts", 'export { autograd } from "@nn/autograd";', "direction-tensor"],
  ["a type of a higher package", "tensor/src/type.ts", 'export type { A } from "@nn/autograd";', "direction-tensor"],
  ["a higher package in a test", "losses/test/higher.ts", 'import "@nn/layers";', "direction-losses"],
  ["a relative path to a package", "layers/src/path.ts", 'export { tensor } from "../../tensor/src/index.js";', "no-relative-import-across"],
  ["a missing package", "tensor/src/missing.ts", 'import "@nn/nowhere";', "not-to-unresolvable"],
  ["a module of Node where browsers run too", "tensor/src/node.ts", 'import "node:fs";', "portable"],
  ["a test", "tensor/src/test.ts", 'import "../test/a.js";', "sources-not-to-tests"],
  ["an application", "tensor/src/app.ts", 'import "../../../apps/a/src/main.js";', "no-apps"],
  ["anything, in a package without a place among the layers", "new/src/index.ts", 'import "./a.js";', "known-package"],
  ["a package of the registry", "tensor/src/registry.ts", 'import "left-pad";', "no-runtime-dependencies"],
  ["a circle", "tensor/src/circle-a.ts", 'import { B } from "./circle-b.js";\nexport class A {}\nexport const b = new B();', "no-circle"],
  ["a circle of types", "losses/src/circle-a.ts", 'import type { B } from "./circle-b.js";\nexport class A {}\nexport type C = B;', "no-circle"],
  ["a circle of types behind the permitted one", "tensor/src/behind-a.ts", 'import type { Tensor } from "./tensor.js";\nimport type { B } from "./behind-b.js";\nexport type A = B | Tensor;', "no-circle"],
] as const;

/** Modules that break no rule. */
const permitted = [
  ["a lower package", "layers/src/lower.ts", 'export { tensor } from "@nn/tensor";'],
  ["a circle through the type of tensors", "tensor/src/tensor.ts", 'export type { A } from "./behind-a.js";\nexport type { B } from "./behind-b.js";\nexport class Tensor {}'],
  ["a module of Node in a package for Node", "wasm/src/node.ts", 'import "node:fs";'],
] as const;

const others = {
  "package.json": '{ "name": "fixture", "private": true }',
  "node_modules/left-pad/package.json": '{ "name": "left-pad", "main": "index.js" }',
  "node_modules/left-pad/index.js": "",
  "apps/a/src/main.ts": "export const main = 1;",
  "packages/new/src/a.ts": "export const a = 1;",
  "packages/tensor/test/a.ts": "export const a = 1;",
  "packages/tensor/src/circle-b.ts": 'import { A } from "./circle-a.js";\nexport class B extends A {}',
  "packages/tensor/src/behind-b.ts": 'import type { Tensor } from "./tensor.js";\nimport type { C } from "./behind-c.js";\nexport type B = C | Tensor;',
  "packages/tensor/src/behind-c.ts": 'import type { Tensor } from "./tensor.js";\nimport type { A } from "./behind-a.js";\nexport type C = A | Tensor;',
  "packages/losses/src/circle-b.ts": 'import { A } from "./circle-a.js";\nexport class B extends A {}',
};

const folder = mkdtempSync(join(tmpdir(), "nn-direction-"));
const violations = new Map<string, string[]>();
let status: number | null = null;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${text}\n`);
}

// A workspace in which every package is declared and linked, so that only the rules can refuse an import.
beforeAll(() => {
  const names = ["wasm", "tensor", "autograd", "layers", "losses"];
  mkdirSync(join(folder, "node_modules/@nn"), { recursive: true });
  for (const name of names) {
    const dependencies = Object.fromEntries(names.filter((other) => other !== name).map((other) => [`@nn/${other}`, "*"]));
    const exports = { ".": { "@nn/source": "./src/index.ts", default: "./dist/index.js" } };
    write(`packages/${name}/package.json`, JSON.stringify({ name: `@nn/${name}`, exports, dependencies }));
    write(`packages/${name}/src/index.ts`, `export const ${name} = 1;`);
    symlinkSync(`../../packages/${name}`, join(folder, "node_modules/@nn", name));
  }
  for (const [path, text] of Object.entries(others)) write(path, text);
  for (const [, path, text] of [...forbidden, ...permitted]) write(`packages/${path}`, text);

  const result = spawnSync(process.execPath, [resolve(root, "scripts/check-dependencies.mjs"), "packages"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  status = result.status;
  for (const [, rule = "", path = ""] of result.stdout.matchAll(/error ([\w-]+): packages\/(\S+)/g)) {
    violations.set(path, [...(violations.get(path) ?? []), rule]);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("importing", () => {
  test.each(forbidden)("%s is refused", (_, path, _text, rule) => {
    expect(violations.get(path)).toContain(rule);
  });

  test.each(permitted)("%s is fine", (_, path) => {
    expect(violations.get(path)).toBeUndefined();
  });

  test("something forbidden makes the command fail", () => {
    expect(status).toBeGreaterThanOrEqual(forbidden.length);
  });
});
