import type { DType, Tensor } from "@nn/tensor";

/** The shortest decimal that reads back as the same float32: at most nine digits. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}

/** A number as JavaScript, without digits that its type does not have. */
export function numberLiteral(value: number, dtype: DType): string {
  if (Object.is(value, -0)) return "-0";
  return dtype === "float32" ? shortest(Math.fround(value)) : String(value);
}

/** A list of numbers. */
export const listLiteral = (values: ArrayLike<number>, dtype: DType): string => `[${Array.from(values, (value) => numberLiteral(value, dtype)).join(", ")}]`;

/** A matrix, with a line for each row. */
export function matrixLiteral(matrix: Tensor): string {
  const rows = matrix.toArray() as number[][];
  return `[\n${rows.map((row) => `  ${listLiteral(row, matrix.dtype)},\n`).join("")}]`;
}

/** A matrix of float32 as its bytes, little-endian and row by row, in base64: `float32Rows` of the module makes rows of them. */
export function base64Literal(matrix: Tensor): string {
  const values = matrix.toTypedArray();
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, at) => view.setFloat32(4 * at, value, true));
  const bytes = Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte));
  return `float32Rows("${btoa(bytes.join(""))}", ${matrix.shape[1] ?? 0})`;
}
