import { describe, expect, it } from "vitest";
import { LabelEncoder, readJsonLines, readRecords } from "../../src/index.js";

const errorOf = (step: Promise<unknown>): Promise<string> => step.then(() => "no error", (error: Error) => `${error.name}: ${error.message}`);

describe("a key that occurs twice", () => {
  it("is refused with its line, in arrays of records and in lines", async () => {
    expect(await errorOf(readRecords('[\n{"a": 1},\n{"a": 1, "b": 2, "a": 3}\n]'))).toBe('FormatError: readRecords input, line 3: the key "a" occurs twice in an object, with different values; remove or rename one of them');
    expect(await errorOf(readRecords('{"a": 1}\n{"a": 1, "a": 3}\n'))).toContain('line 2: the key "a" occurs twice');
    expect(await errorOf(readJsonLines('{"a": 1}\n{"b": {"a": [1], "a": [2]}}\n'))).toContain('line 2: the key "a" occurs twice');
    expect(() => LabelEncoder.fromJSON('{"type": "LabelEncoder", "classes": ["a"], "classes": ["b"]}')).toThrow('LabelEncoder.fromJSON, line 1: the key "classes" occurs twice');
  });

  it("is accepted if both values are equal", async () => {
    expect(await readJsonLines('{"a": [1], "a": [1]}\n')).toEqual([{ a: [1] }]);
  });
});

describe("numbers that float64 does not hold", () => {
  const text = '[\n{"id": 1},\n{"id": 9007199254740993}]';

  it("are refused with their line, or read as texts", async () => {
    expect(await errorOf(readRecords(text))).toBe('FormatError: readRecords input, line 3: the number 9007199254740993 has more digits than float64 holds; write it as a string, or read such numbers as texts with largeIntegers: "text"');
    expect((await readRecords(text, { largeIntegers: "text", columns: { id: "categorical" } })).categorical("id")).toEqual(["1", "9007199254740993"]);
    expect(await readJsonLines('{"id": 1234567890123456789}\n', { largeIntegers: "text" })).toEqual([{ id: "1234567890123456789" }]);
    expect(await errorOf(readJsonLines("1\n1e400\n"))).toContain("line 2: the number 1e400 is too large for float64");
  });

  it("include those with a point or an exponent, and those close to 0", async () => {
    for (const number of ["9007199254740993.0", "9007199254740993e0", "900719925474099.3e1"]) {
      expect(await errorOf(readRecords(`{"x": ${number}}`))).toContain(`line 1: the number ${number} has more digits than float64 holds`);
      expect(await readJsonLines(`{"x": ${number}}`, { largeIntegers: "text" })).toEqual([{ x: number }]);
    }
    expect(await errorOf(readJsonLines('{"x": 1}\n{"x": 1e-400}\n'))).toContain("line 2: the number 1e-400 is too small for float64");
    expect(await readJsonLines('{"x": 9007199254740992.0, "y": 0.0, "z": 0e-400}\n')).toEqual([{ x: 2 ** 53, y: 0, z: 0 }]);
  });

  it("do not include those that it holds", async () => {
    expect(await readJsonLines("9007199254740991\n1152921504606846976\n0.1\n1e23\n-5e-324\n")).toEqual([2 ** 53 - 1, 2 ** 60, 0.1, 1e23, -5e-324]);
  });
});

describe("JSON", () => {
  it("follows RFC 8259, to any depth that the stack allows", async () => {
    for (const wrong of ["[1,]", "{'a': 1}", "01", "NaN", "[1] 2", '"\u0001"']) expect(await errorOf(readJsonLines(`${wrong}\n`))).toContain("line 1: expected JSON, found");
    expect(await errorOf(readJsonLines(`${"[".repeat(200_000)}\n`))).toBe("FormatError: readJsonLines input, line 1: values are nested too deeply");
    expect(await readJsonLines('{"__proto__": 1, "toString": "\\ud834\\udd1e"}\n')).toEqual([JSON.parse('{"__proto__": 1, "toString": "𝄞"}')]);
  });
});
