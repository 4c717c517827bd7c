import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Assembler } from "../../src/assembler/assembler.js";
import { samples } from "./samples.js";

const recorded = JSON.parse(readFileSync(new URL("encodings.json", import.meta.url), "utf8")) as Readonly<Record<string, string>>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("encodings", () => {
  it("are those of the GNU assembler", () => {
    const wrong = samples.flatMap(({ text, emit }) => {
      const asm = new Assembler();
      emit(asm);
      const found = hex(asm.finish());
      return found === recorded[text] ? [] : [`${text}: ${found}, expected ${recorded[text]}`];
    });
    expect(wrong).toEqual([]);
  });

  it("are recorded for every sample, and for nothing else", () => {
    expect(Object.keys(recorded).toSorted()).toEqual(samples.map(({ text }) => text).toSorted());
  });
});
