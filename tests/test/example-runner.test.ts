import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { compare } from "../examples/compare.js";
import { extract } from "../examples/extract.js";
import { run, typeCheck, write } from "../examples/run.js";
import { transform } from "../examples/transform.js";

const temporary = resolve(import.meta.dirname, "../temp");
mkdirSync(temporary, { recursive: true });
const folder = mkdtempSync(join(temporary, "self-"));
let count = 0;

afterAll(() => rmSync(folder, { recursive: true }));

const fence = "```";

/** A document whose code begins at line 4. */
const document = (code: string, words = ""): string => `# Title\n\n${fence}ts ${words}\n${code}\n${fence}\n`;

function only(file: string, text: string) {
  const [example, ...more] = extract(file, text);
  if (example === undefined || more.length > 0) throw new Error("expected one example");
  count += 1;
  return write(example, join(folder, String(count)));
}

const outcome = (code: string): Promise<string> =>
  run(only("a.md", document(code))).then(() => "passed", (error: unknown) => (error instanceof Error ? error.message : String(error)));

describe("extract", () => {
  test("finds blocks of Markdown with their lines", () => {
    expect(extract("a.md", `${document("const a = 1;")}${fence}js\nother();\n${fence}\n`)).toEqual([
      { file: "a.md", blocks: [{ line: 4, lines: ["const a = 1;"] }], runs: true },
    ]);
  });

  test("finds blocks of doc comments, and of no other comments", () => {
    const text = `const s = "${fence}ts";\n/**\n * Text.\n * @example\n * ${fence}ts\n * if (a) {\n *   b();\n * }\n * ${fence}\n */\n`;
    expect(extract("a.ts", text)).toEqual([{ file: "a.ts", blocks: [{ line: 6, lines: ["if (a) {", "  b();", "}"] }], runs: true }]);
  });

  test("joins blocks that continue", () => {
    const text = `${document("const a = 1;")}\n${fence}ts continue\na; // => 1\n${fence}\n`;
    expect(extract("a.md", text)[0]?.blocks.map(({ line }) => line)).toEqual([4, 8]);
  });

  test.each(["no-run", "browser"])("marks blocks that are not executed here: %s", (word) => {
    expect(extract("a.md", document("a", word))[0]?.runs).toBe(false);
  });

  test.each([
    ["an example without a block", "a.ts", "/**\n * @example\n * f(1)\n */\n", "a.ts:2: @example without a ```ts block"],
    ["an open block", "a.md", `${fence}ts\nf();\n`, "a.md:1: this block is never closed"],
    ["an open block in a comment", "a.ts", `/**\n * ${fence}ts\n * f();\n */\nconst a = 1;\n`, "a.ts:2: this block is never closed"],
    ["an unknown word", "a.md", document("a", "norun"), "a.md:3: a ts block may be marked no-run, browser or continue, not norun"],
    ["nothing to continue", "a.md", document("a", "continue"), "a.md:3: there is no block before this one to continue"],
  ])("refuses %s", (_, file, text, message) => {
    expect(() => extract(file, text)).toThrow(message);
  });
});

describe("an example passes", () => {
  test.each([
    ["when a value is right", "[1, 1 + 1]; // => [1, 2]"],
    ["within rounding", "new Float32Array([0.1, 1e6 / 3]); // => [0.1, 333333.3]"],
    ["when the value of a constant is right", "const a: number = 1 + 1; // => 2\na; // => 2"],
    ["when a logged value is right", "console.log({ a: [1] }); // => { a: [1] }"],
    ["when an awaited value is right", "await Promise.resolve(NaN); // => NaN"],
    ["when a value over several lines is right", "[\n  1,\n  2,\n].length; // => 2"],
    ["when something with toArray holds the values", "({ toArray: () => [[1]] }); // => [[1]]"],
    ["when it prints what it says", 'console.log("loss %d", 1); // prints: loss 1'],
    ["when it prints several lines", "for (const a of [1, 2]) console.log(a);\n// prints: 1\n// prints: 2"],
    ["when it throws what it says", 'const a = JSON.parse("{"); // throws: SyntaxError'],
    ["when it says nothing", "// => is no promise in the middle\n1 + 1;".replace("// =>", "// it")],
  ])("%s", async (_, code) => {
    expect(await outcome(code)).toBe("passed");
  });
});

describe("an example fails, naming file and line,", () => {
  test.each([
    ["when a value is wrong", "const a = [1, 2];\n\na; // => [1, 3]", "a.md:6: the value[1] is 2, expected 3"],
    ["when a constant is wrong", 'const a = "x"; // => "y"', 'a.md:4: the value is "x", expected "y"'],
    ["when a number is off by more than rounding", "1 + 3e-6; // => 1", "a.md:4: the value is 1.000003, expected 1"],
    ["when a list is too long", "[1, 2]; // => [1]", "a.md:4: the value is [1,2], expected [1] (lengths 2 and 1)"],
    ["when it prints something else", "console.log(1);\nconsole.log(2); // prints: 2", "a.md:5: expected to print\n2\nbut printed\n1\n2"],
    ["when it throws", "\nconst a: number[] = [];\n\na.reduce((b) => b);", "a.md:7: TypeError: Reduce of empty array with no initial value"],
    ["when it does not throw", "1 + 1; // throws: RangeError", "a.md:4: expected an error: RangeError"],
    ["when it throws something else", "null.a; // throws: RangeError", "a.md:4: expected the error RangeError, got TypeError"],
  ])("%s", async (_, code, message) => {
    expect(await outcome(code)).toContain(message);
  });

  test.each([
    ["what follows `=>` is no value", "f(1); // => about one", "a.md:4: `about one` is no value that could be compared"],
    ["a comment follows no statement", "// => 1", "a.md:4: this comment follows no statement that it could be about"],
    ["the statement has no value", "if (a) {\n} // => 1", "a.md:5: `// =>` stands after an expression or the declaration of one constant"],
  ])("when %s", (_, code, message) => {
    const [example] = extract("a.md", document(code));
    expect(() => example && transform(example, "./runtime.js")).toThrow(message);
  });

  // The compiler reads the packages first, which takes as long as the machine is busy.
  test("when its types are wrong, also if it is not executed", { timeout: 300_000 }, () => {
    const written = only("b.md", document("const a = 1;\nconst b: string = a;", "no-run"));
    expect(typeCheck([written], resolve(import.meta.dirname, "../tsconfig.json"))).toEqual([
      "b.md:5: Type 'number' is not assignable to type 'string'.",
    ]);
  });
});

test.each([
  [1, "1"],
  [undefined, null],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1, b: 2 }, { a: 1 }],
  [NaN, 0],
  [Infinity, 1e300],
  [0, Infinity],
])("%j and %j differ", (actual, expected) => {
  expect(compare(actual, expected, "the value")).toMatch(/^the value(\.\w+)? is /);
});
