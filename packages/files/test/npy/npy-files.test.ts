import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { decodeNpy, parseNpyHeader } from "../../src/index.js";

// Files that NumPy 1.24 wrote, and broken ones, each with what must happen.

interface Case {
  readonly file: string;
  readonly verdict: "read" | "refuse" | "read-or-refuse";
  readonly note: string;
  readonly array?: { readonly dtype: string; readonly shape: readonly number[]; readonly data: readonly unknown[] };
}

const folder = fileURLToPath(new URL("../fixtures/npy/", import.meta.url));
const cases = JSON.parse(readFileSync(`${folder}index.json`, "utf8")) as readonly Case[];
/** Integers that int32 does not hold. */
const large = new Set(["int64_large.npy", "uint64_large.npy"]);

class Refusal extends Error {}

function read(file: string): { readonly shape: readonly number[]; readonly data: readonly unknown[] } {
  const bytes = new Uint8Array(readFileSync(`${folder}${file}`));
  const fail = (problem: string): Error => new Refusal(problem);
  const tensor = decodeNpy(parseNpyHeader(bytes, fail), bytes, fail);
  return { shape: tensor.shape, data: Array.from(tensor.data("test"), (element) => (tensor.dtype === "bool" ? element === 1 : Number.isFinite(element) ? element : String(element))) };
}

describe(".npy files", () => {
  test.each(cases.filter(({ verdict, file }) => verdict === "read" && !large.has(file)))("$file: $note", ({ file, array }) => {
    expect(read(file)).toEqual({ shape: array?.shape, data: array?.data });
  });

  test.each(cases.filter(({ verdict, file }) => verdict === "refuse" || large.has(file)))("$file is refused: $note", ({ file }) => {
    expect(() => read(file)).toThrow(Refusal);
  });

  test.each(cases.filter(({ verdict }) => verdict === "read-or-refuse"))("$file is read or refused: $note", ({ file, array }) => {
    const outcome = (): unknown => {
      try {
        return read(file);
      } catch (error) {
        return error instanceof Refusal ? "refused" : error;
      }
    };
    expect(["refused", { shape: array?.shape, data: array?.data }]).toContainEqual(outcome());
  });
});
