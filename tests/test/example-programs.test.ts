import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

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

describe("npm run example -- PATH", () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "nn-program-")));
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  const run = (...args: readonly string[]) => spawnSync(process.execPath, [resolve(root, "scripts/example.mjs"), ...args], { encoding: "utf8", env: { ...process.env, INIT_CWD: place } });

  test("runs a plain program of any folder where it was typed, with its arguments, every package and ONNX Runtime", () => {
    writeFileSync(join(place, "mine.ts"), `import { tensor } from "@nn/tensor";
      import { memoryStorage } from "@nn/train";
      import { folderStorage } from "@nn/train/node";
      import { InferenceSession } from "onnxruntime-web";
      const three: number = tensor([1, 2]).sum().item();
      console.log(JSON.stringify([three, process.argv.slice(2), process.cwd(), typeof memoryStorage, typeof folderStorage, typeof InferenceSession]));`);
    const { status, stdout, stderr } = run("mine.ts", "a", "--output", "b");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual([3, ["a", "--output", "b"], place, "function", "function", "function"]);
    expect(readdirSync(place)).toEqual(["mine.ts"]);
  });

  test("calls the main that the main.ts of a folder exports, and ends with its exit status", () => {
    mkdirSync(join(place, "own"));
    writeFileSync(join(place, "own", "main.ts"), `export async function main(): Promise<void> { await Promise.resolve(); console.log("called"); process.exitCode = 3; }`);
    expect(run("own")).toMatchObject({ status: 3, stdout: "called\n" });
  });

  const exported = 'export async function main(): Promise<void> { await Promise.resolve(); console.log("called"); }\n';

  test.each([
    ["calls it", "await main();"],
    ["calls it where it is the entry, and handles its errors", "if (import.meta.main) main().catch(console.error);"],
    ["calls it in a function that it calls", "void (async () => { await main(); })();"],
    ["has a function that could call it", "export function twice() { return [main(), main()]; }"],
  ])("runs a main once that is exported by a program that %s", (_, code) => {
    writeFileSync(join(place, "once.ts"), exported + code);
    expect(run("once.ts")).toMatchObject({ status: 0, stdout: "called\n", stderr: "" });
  });

  test("says what it expected where there is no program, and what a program cannot import", () => {
    expect(run("nothing.ts")).toMatchObject({ status: 1, stderr: `There is no example "nothing.ts", and no program at ${join(place, "nothing.ts")}: expected a name of the list, a file such as mine.ts, or a folder with main.ts.\n` });
    writeFileSync(join(place, "wrong.ts"), `import "@nn/nothing";`);
    const { status, stderr } = run("wrong.ts");
    expect(status).toBe(1);
    expect(stderr).toContain('Could not resolve "@nn/nothing"');
  });
});
