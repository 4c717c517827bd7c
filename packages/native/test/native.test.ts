import { compile, setDefaultTarget } from "@nn/compiler";
import { cumSum, Generator, normal, ones, type Tensor } from "@nn/tensor";
import { afterEach, describe, expect, it, vi } from "vitest";
import { native } from "../src/index.js";
import { targets } from "./targets.js";

const product = (x: Tensor, y: Tensor): Tensor => x.matmul(y).relu();
const matrix = ones([32, 32]);

describe("native", () => {
  it("refuses unknown options and levels", async () => {
    await expect(native({ level: "AVX" as "AVX2" })).rejects.toThrowErrorMatchingInlineSnapshot(`[ArgumentError: native: level is the string "AVX", expected "AVX-512" or "AVX2"; did you mean "AVX2"?]`);
    await expect(native({ wide: true } as object)).rejects.toThrowErrorMatchingInlineSnapshot(`[ArgumentError: native: there is no option "wide"; its options are level, evenSmall]`);
  });

  describe("where machine code cannot run", () => {
    afterEach(() => {
      vi.unstubAllGlobals();
    });

    it.each([
      [{ platform: "darwin", arch: "arm64" }, "machine code runs on Linux and Windows on x64 only, and this is darwin on arm64"],
      [{ getBuiltinModule: undefined }, "machine code runs in Node from 20.19 on, Bun and Deno only"],
      [{ getBuiltinModule: () => ({ createRequire: () => Object.assign(() => ({}), { resolve: () => { throw new Error("Cannot find module 'koffi'\nRequire stack:"); } }) }) }, "koffi, which calls machine code, cannot be loaded: Cannot find module 'koffi'"],
    ])("says why, and WebAssembly runs: %j", async (differs, reason) => {
      const { platform, arch, versions, getBuiltinModule } = process;
      vi.stubGlobal("process", { platform: platform === "linux" ? platform : "linux", arch: arch === "x64" ? arch : "x64", versions, getBuiltinModule, ...differs });
      const target = await native();
      vi.unstubAllGlobals();
      expect(target.reason).toBe(reason);
      const f = compile(product, { target });
      expect(f(matrix, matrix).sum().item()).toBe(32 ** 3);
      expect(f.explain()).toContain(`all WebAssembly (${reason})`);
    });

    it("says that the system forbids executable memory", async () => {
      const c: Readonly<Record<string, () => number>> = { mmap: () => 4096, mprotect: () => -1, munmap: () => 0, memcpy: () => 0 };
      const koffi = { load: () => ({ func: (declaration: string) => c[/(\w+)\(/.exec(declaration)?.[1] ?? ""] }), proto: () => ({}), address: () => 0 };
      vi.stubGlobal("process", { platform: "linux", arch: "x64", versions: process.versions, getBuiltinModule: () => ({ createRequire: () => Object.assign(() => koffi, { resolve: () => "koffi" }) }) });
      expect((await native()).reason).toBe("machine code cannot be executed: the system forbids executable memory");
    });
  });
});

describe.each(targets)("compile with $name", (target) => {
  it("marks machine code in explain and profile", () => {
    const f = compile((x: Tensor, y: Tensor) => cumSum(product(x, y), 0), { target });
    expect(f(matrix, matrix).toTypedArray()[3]).toBe(32);
    const listing = f.explain().replace(/built in .* ms/, "built").split("\n");
    expect(listing[0]).toBe(`program (float32[32, 32], float32[32, 32]), 2 kernels, 1 of them ${target.name} machine code, built`);
    expect(listing.filter((line) => line.includes(target.name) && /^\d/.test(line))).toHaveLength(1);
    expect(f.profile(matrix, matrix).kernels.map(({ label }) => label.endsWith(`, ${target.name}`))).toEqual([true, false]);
  });

  it("goes on when the memory grows, and when programs are freed", () => {
    const f = compile(product, { target });
    expect(f(matrix, matrix).sum().item()).toBe(32 ** 3);
    const large = compile((x: Tensor) => x.add(1), { target });
    expect(large(ones([3000, 3000])).toTypedArray()[0]).toBe(2);
    expect(f(matrix, matrix).sum().item()).toBe(32 ** 3);
    f.dispose();
    expect(f(matrix, matrix).sum().item()).toBe(32 ** 3);
  });

  it("runs on several threads, with the same bits", async () => {
    const [x, y] = [1, 2].map((seed) => normal([256, 256], { generator: new Generator(seed) })) as [Tensor, Tensor];
    const alone = compile(product, { target, threads: 1 })(x, y).toArray();
    const f = compile(product, { target, threads: 2 });
    for (let run = 0; run < 20; run++) {
      expect(f(x, y).toArray()).toEqual(alone);
      // Workers start, and get their part of the code, while this thread waits.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it("is the default of functions that choose none", () => {
    setDefaultTarget(target);
    try {
      const f = compile(product);
      f(matrix, matrix);
      expect(f.explain()).toContain(target.name);
    } finally {
      setDefaultTarget(undefined);
    }
  });
});
