import { expect, it } from "vitest";
import { plain, relaxed, moduleText } from "../../../src/kernels/matmul/prebuilt.js";
import { runtimeModule, runtimeScratchBytes } from "../../../src/kernels/matmul/runtime.js";

const hex = (fused: boolean): string => Array.from(runtimeModule(fused), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The text of both modules: `g` and `h` enclose the last operand of a multiply-add, and each digit in which sizes differ is a letter of its own. */
function merged(): { readonly text: string; readonly relaxed: Record<string, string>; readonly plain: Record<string, string> } {
  const parts: { readonly [level in "relaxed" | "plain"]: Record<string, string> } = { relaxed: { g: "", h: "fd8502" }, plain: { g: "fde601", h: "fde401" } };
  const other = hex(false).replace(/fde601(20..)fde401/g, "g$1h");
  let letter = "i".charCodeAt(0);
  const text = Array.from(hex(true).replace(/(20..)fd8502/g, "g$1h"), (digit, at) => {
    const otherDigit = other.charAt(at);
    if (digit === otherDigit) return digit;
    const name = String.fromCharCode(letter++);
    parts.relaxed[name] = digit;
    parts.plain[name] = otherDigit;
    return name;
  });
  return { text: text.join(""), ...parts };
}

it("is what the generator writes; run this test with `--update` where that changed", async () => {
  const { text, ...parts } = merged();
  const lines = [
    "/** The module that `runtime.ts` wrote, in hexadecimal digits: so that using it takes no assembler. Other letters stand for what differs with relaxed SIMD. A test keeps it up to date. */",
    `export const moduleText =\n  "${text}";`,
    "/** What the letters stand for with relaxed SIMD, and without. */",
    ...Object.entries(parts).map(([name, letters]) => `export const ${name}: Readonly<Record<string, string>> = ${JSON.stringify(letters)};`),
    `export const scratchBytes = ${runtimeScratchBytes()};`,
    "",
  ];
  await expect(lines.join("\n")).toMatchFileSnapshot("../../../src/kernels/matmul/prebuilt.ts");
});

it("holds both modules", () => {
  const filled = (parts: Readonly<Record<string, string>>): string => moduleText.replace(/[g-z]/g, (letter) => parts[letter] ?? "?");
  expect(filled(relaxed)).toBe(hex(true));
  expect(filled(plain)).toBe(hex(false));
});
