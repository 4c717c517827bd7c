import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaintsOf, validArguments, type Callable } from "../exports/check.js";
import { entries, held, reportOf, type Entry, type EntryName } from "../exports/entries.js";
import { validCalls } from "../exports/samples.js";
import { signaturesOf } from "../exports/signatures.js";

// Calls every exported function and constructor with wrong kinds of arguments, according to its API report. It must refuse every value that
// the types forbid, and every refusal must be an error of the library that begins with the name of the call.

/** `NN_EXPORTS=losses` tries others. */
const names = (process.env["NN_EXPORTS"]?.split(",") ?? held) as readonly EntryName[];

describe.each(names)("exports of @nn/%s", (name) => {
  // Paths among the wrong arguments are relative. Files written by mistake go to a temporary folder, one for each package.
  const before = process.cwd();
  let folder = before;
  beforeAll(() => process.chdir((folder = mkdtempSync(join(tmpdir(), "nn-exports-")))));
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  const { exports, leftOut }: Entry = entries[name];
  const signatures = signaturesOf(reportOf(name)).filter((each) => !Object.hasOwn(leftOut, each.name));

  it("are all found", () => {
    expect(signatures.length).toBeGreaterThan(0);
    expect(signatures.filter((each) => typeof exports[each.name] !== "function").map((each) => each.name)).toEqual([]);
  });

  it.each(signatures.map((each) => [each.name, each] as const))("%s refuses wrong arguments by name", async (_, signature) => {
    const target = exports[signature.name] as Callable;
    const valid = validCalls[signature.name]?.() ?? (await validArguments(signature, target, 3000));
    expect(valid, "no arguments were found with which the call succeeds: add some to validCalls").toBeDefined();
    expect(await complaintsOf(signature, target, valid ?? [])).toEqual([]);
  });
});

it("holds all packages that are listed", () => {
  expect(held.filter((name) => !Object.hasOwn(entries, name))).toEqual([]);
});
