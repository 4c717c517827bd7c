import { expect, it } from "vitest";
import { digits, moduleText, plain, relaxed } from "../../../src/kernels/matmul/prebuilt.js";
import { runtimeModule, runtimeScratchBytes } from "../../../src/kernels/matmul/runtime.js";

// Those which the bytes have most often become those which JavaScript has most often: a bundle is compressed with one code for both.
const mostFrequentLetters = "etrnoiasdlchpumf";
const mostFrequentDigits = "02146dbf738ace95";
const encoded = (hex: string): string => hex.replace(/./g, (digit) => mostFrequentLetters.charAt(mostFrequentDigits.indexOf(digit)));
const bytesOf = (fused: boolean): string => encoded(Array.from(runtimeModule(fused), (byte) => byte.toString(16).padStart(2, "0")).join(""));

/** The text of both modules: where they differ it has the number of the part that belongs there. */
function merged(): { readonly text: string; readonly relaxed: readonly string[]; readonly plain: readonly string[] } {
  // x, y, sum, relaxed_madd, or x, y, mul, sum, add.
  const [get, madd, mul, add] = ["20", "fd8502", "fde601", "fde401"].map(encoded);
  const parts = { relaxed: ["", madd ?? ""], plain: [mul ?? "", add ?? ""] };
  const other = bytesOf(false).replace(new RegExp(`${mul}(${get}..)${add}`, "g"), "0$11");
  const text = Array.from(bytesOf(true).replace(new RegExp(`(${get}..)${madd}`, "g"), "0$11"), (digit, at) => {
    const otherDigit = other.charAt(at);
    if (digit === otherDigit) return digit;
    parts.plain.push(otherDigit);
    return parts.relaxed.push(digit) - 1; // in the sizes of the code
  });
  return { text: text.join(""), ...parts };
}

it("is what the generator writes; run this test with `--update` if that has changed", async () => {
  const { text, ...parts } = merged();
  const lines = [
    "/**",
    " * The module that `runtime.ts` writes, so that bundles need no assembler. It is in hexadecimal, with `digits` that are frequent in JavaScript,",
    " * because those compress best. The numbers mark parts that differ with and without relaxed SIMD. A test keeps it up to date.",
    " */",
    `export const moduleText =\n  "${text}";`,
    `export const digits = "${encoded("0123456789abcdef")}";`,
    ...Object.entries(parts).map(([name, list]) => `export const ${name}: readonly string[] = ["${list.join('", "')}"];`),
    `export const scratchBytes = ${runtimeScratchBytes()};`,
    "",
  ];
  await expect(lines.join("\n")).toMatchFileSnapshot("../../../src/kernels/matmul/prebuilt.ts");
});

it("holds both modules", () => {
  const filled = (parts: readonly string[]): string => moduleText.replace(/\d/g, (position) => parts[Number(position)] ?? "?");
  expect(filled(relaxed)).toBe(bytesOf(true));
  expect(filled(plain)).toBe(bytesOf(false));
  expect(digits).toBe(encoded("0123456789abcdef"));
});
