import { expect, it } from "vitest";
import { runtimeModule, runtimeScratchBytes } from "../../../src/kernels/matmul/runtime.js";

it("is what the generator writes; run this test with `--update` where that changed", async () => {
  const hex = (fused: boolean): string => Array.from(runtimeModule(fused), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const text = [
    "/** Modules that `runtime.ts` wrote, in hexadecimal digits: so that using them takes no assembler. A test keeps them up to date. */",
    `export const relaxedModule =\n  "${hex(true)}";`,
    `export const plainModule =\n  "${hex(false)}";`,
    `export const scratchBytes = ${runtimeScratchBytes()};`,
    "",
  ];
  await expect(text.join("\n")).toMatchFileSnapshot("../../../src/kernels/matmul/prebuilt.ts");
});
