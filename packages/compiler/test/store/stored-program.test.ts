import * as fc from "fast-check";
import { expect, it } from "vitest";
import { decodeEntry, encodeEntry, type StoredProgram } from "../../src/store/stored-program.js";

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const address = fc.record({ part: u32, offset: u32 });
const bytes = fc.uint8Array({ maxLength: 300 });
const program: fc.Arbitrary<StoredProgram> = fc.record({
  wantedThreads: u32,
  threads: u32,
  callerMaySleep: u32,
  imported: fc.array(fc.string()),
  arenaBytes: u32,
  parts: fc.array(fc.record({ kind: u32, number: u32, base: u32 })),
  inputIndices: fc.array(u32),
  inputs: fc.array(address),
  hostCallbacks: fc.array(address),
  outputs: fc.array(address),
  machineCode: fc.array(bytes),
  machineKernels: fc.array(fc.record({ position: u32, code: u32, addresses: fc.array(address) })),
  relocations: fc.array(fc.record({ distance: u32, part: u32 })),
  code: bytes,
}, { noNullPrototype: true });

it("keeps every field", () => {
  fc.assert(fc.property(program, fc.string(), (stored, key) => {
    expect(decodeEntry(key, encodeEntry(key, stored))).toEqual(stored);
  }));
});

it("refuses an entry of another key", () => {
  fc.assert(fc.property(program, (stored) => {
    expect(decodeEntry("a", encodeEntry("b", stored))).toBe(undefined);
  }));
});

it("refuses an entry with any damage", () => {
  fc.assert(fc.property(program, fc.nat(), fc.integer({ min: 1, max: 255 }), (stored, at, change) => {
    const entry = encodeEntry("key", stored);
    const position = at % entry.length;
    expect(decodeEntry("key", entry.with(position, (entry[position] ?? 0) ^ change))).toBe(undefined);
    expect(decodeEntry("key", entry.slice(0, position))).toBe(undefined);
  }));
  expect(decodeEntry("key", new Uint8Array(0))).toBe(undefined);
  expect(decodeEntry("key", new Uint8Array(1000).fill(255))).toBe(undefined);
});
