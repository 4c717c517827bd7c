import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { f32x4, i32, ModuleBuilder, v128 } from "@nn/wasm";
import { findRelocations, relocated } from "../../src/store/relocations.js";

/** A module with addresses of three parts, in all kinds of places, and constants that look like addresses. */
function moduleAt([first, second, third]: readonly [number, number, number]): Uint8Array {
  const module = new ModuleBuilder({ memory: { import: ["env", "memory"], initial: 1 } });
  module.function({ name: "run", params: { n: "i32" }, export: true }, (b, { n }) => {
    b.i32.store(first, i32.const(0x10000040));
    b.v128.store(i32.shl(n, 2), f32x4.add(v128.load(n, { offset: second }), v128.load(n, { offset: second + 1000 })), { offset: third + 4 });
    b.forRange(0, 100, 1, (i) => b.i32.store(i32.add(i, first - 64), i32.load(i, { offset: third - 8 })));
  });
  return module.finish();
}

const places = [2 ** 28, 2 ** 28 + 4096, 2 ** 29] as const;
const others = [2 ** 28 + 64, 2 ** 28 + 4096 + 640, 2 ** 29 + 6400] as const;
const distances = new Map([[64, 1], [640, 2], [6400, 3]]);
const partOf = (distance: number): number | undefined => distances.get(distance);
const address = fc.integer({ min: 4096, max: 2 ** 31 - 4096 });
/** Addresses with which the module itself would be written so. */
const high = fc.integer({ min: 2 ** 28 + 64, max: 2 ** 31 - 4096 });

describe("addresses in code", () => {
  it("are found, and moved anywhere", () => {
    const code = moduleAt(places);
    const relocations = findRelocations(code, moduleAt(others), partOf) ?? [];
    expect(relocations.map(({ part }) => part).toSorted()).toEqual([1, 1, 2, 2, 3, 3]);
    const movedTo = (targets: readonly number[]): Uint8Array => relocated(code, relocations, [0, ...targets.map((target, at) => target - (places[at] ?? 0))]) ?? new Uint8Array();
    fc.assert(fc.property(address, address, address, (...targets) => WebAssembly.validate(movedTo(targets) as Uint8Array<ArrayBuffer>)));
    fc.assert(fc.property(high, high, high, (...targets) => {
      expect(movedTo(targets)).toEqual(moduleAt(targets));
    }));
    expect(relocated(code, relocations, [0, 0, 0, 0])).toEqual(code);
  });

  it("are not moved below 0, or to 2^31 and above", () => {
    const code = moduleAt(places);
    const relocations = findRelocations(code, moduleAt(others), partOf) ?? [];
    expect(relocated(code, relocations, [0, 63 - places[0], 0, 0])).toBe(undefined);
    expect(relocated(code, relocations, [0, 0, 2 ** 31 - 1000 - places[1], 0])).toBe(undefined);
  });

  it("are not known if the code differs in anything else", () => {
    const code = moduleAt(places);
    expect(findRelocations(code, moduleAt([others[0], others[1], others[2] + 4]), partOf)).toBe(undefined);
    expect(findRelocations(code, code.slice(0, -1), partOf)).toBe(undefined);
    expect(findRelocations(code, code.with(9, (code[9] ?? 0) ^ 1), partOf)).toBe(undefined);
  });
});
