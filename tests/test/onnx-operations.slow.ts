import { describe, expect, it } from "vitest";
import { problemsOfFiles } from "../onnx/trial.js";
import { tensorEntries } from "../plain/tables.js";

/** Operations that are refused, with what the refusal names. */
const refused: Readonly<Record<string, RegExp>> = {
  erfInv: /erfInv \(ONNX has no inverse error function\)/, cumProd: /cumProd \(ONNX has no cumulative product\)/,
  ...Object.fromEntries(["And", "Or", "Xor", "LeftShift", "RightShift"].map((name) => [`bitwise${name}`, new RegExp(`bitwise${name} \\(ONNX has operators on bits from opset 18 on\\)`)])),
  bitwiseNot: /bitwiseXor/, nonZero: /nonZero: the elements of a tensor are not known/, unique: /unique: the elements of a tensor are not known/, binCount: /binCount: the elements of a tensor are not known/,
};

describe("operations computed by ONNX Runtime from their ONNX files", () => {
  it.each(Object.entries(tensorEntries))("%s", async (name, entry) => {
    expect(await problemsOfFiles(name, entry, refused[name])).toEqual([]);
  });
});
