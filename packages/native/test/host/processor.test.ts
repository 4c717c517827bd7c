import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRequire } from "node:module";
import { openHost } from "../../src/host/host.js";
import { dotProductLevelsOf, hasBfloat16, levelsOf, processorState, type ProcessorState } from "../../src/host/processor.js";
import { linux } from "../../src/host/systems.js";
import { native } from "../../src/index.js";

const bits = (...numbers: readonly number[]): number => numbers.reduce((sum, bit) => sum + 2 ** bit, 0);

/** A processor with AVX-512, under a system that saves all registers. */
const wide: ProcessorState = { highestLeaf: 13, features: bits(12, 27, 28), extendedFeatures: bits(5, 16, 17, 30, 31), moreFeatures: bits(11), latestFeatures: bits(4, 5), savedState: 0b1110_0111 };

describe("the levels of a processor", () => {
  it("are both with AVX-512, the widest first", () => {
    expect(levelsOf(wide)).toEqual(["AVX-512", "AVX2"]);
  });

  it.each<[string, Partial<ProcessorState>, readonly string[]]>([
    ["without AVX-512 DQ", { extendedFeatures: bits(5, 16, 30, 31) }, ["AVX2"]],
    ["under a system that does not save 512 bits", { savedState: 0b111 }, ["AVX2"]],
    ["under a system that does not save 256 bits", { savedState: 0b11 }, []],
    ["without FMA", { features: bits(27, 28) }, []],
    ["without AVX2", { extendedFeatures: 0 }, []],
    ["that knows no leaf 7, which then says what an older leaf does", { highestLeaf: 2 }, []],
  ])("%s", (_, differs, levels) => {
    expect(levelsOf({ ...wide, ...differs })).toEqual(levels);
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")("are those that the system lists", async () => {
    const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.trim().split(" "));
    const expected = ["avx512f", "avx512dq", "avx512bw", "avx512vl"].every((flag) => flags.has(flag)) ? "AVX-512" : flags.has("avx2") && flags.has("fma") ? "AVX2" : "WebAssembly";
    expect((await native()).name).toBe(expected);
  });

  it("add products of bytes where it says so", () => {
    expect([...dotProductLevelsOf(wide)]).toEqual(["AVX-512", "AVX2"]);
    expect([...dotProductLevelsOf({ ...wide, latestFeatures: 0 })]).toEqual(["AVX-512"]);
    expect([...dotProductLevelsOf({ ...wide, moreFeatures: 0 })]).toEqual(["AVX2"]);
    expect([...dotProductLevelsOf({ ...wide, moreFeatures: bits(10, 12), latestFeatures: bits(3, 5) })]).toEqual([]);
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")("add products of bytes if the system lists it", () => {
    const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.trim().split(" "));
    const expected = [...(flags.has("avx512_vnni") ? ["AVX-512"] : []), ...(flags.has("avx_vnni") ? ["AVX2"] : [])];
    expect([...dotProductLevelsOf(processorState(openHost(createRequire(import.meta.url), linux)))]).toEqual(expected);
  });

  it.runIf(process.platform === "linux" && process.arch === "x64")("multiply pairs of bfloat16 if the system lists it", () => {
    const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.trim().split(" "));
    expect(hasBfloat16(processorState(openHost(createRequire(import.meta.url), linux)))).toBe(flags.has("avx512_bf16"));
    expect([hasBfloat16(wide), hasBfloat16({ ...wide, latestFeatures: bits(4, 6) })]).toEqual([true, false]);
  });
});
