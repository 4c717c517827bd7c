/** The columns of a panel of weights of the primitive `bfloat16Matmul`. The last panel may have fewer. */
export const bfloat16PanelColumns = 16;

/** Rounds numbers to bfloat16, which has the upper half of the bits of a float32: to the nearest one, halves to even. Numbers below 2⁻¹²⁶ become 0. */
export function roundToBfloat16(numbers: Float32Array): void {
  const smallest = 2 ** -126;
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  numbers.forEach((x, at) => {
    const all = bits[at] as number;
    if (Number.isNaN(x)) numbers[at] = NaN;
    else if (Math.abs(x) < smallest) numbers[at] = 0;
    else bits[at] = (all + 0x7fff + ((all >>> 16) & 1)) & 0xffff_0000;
  });
}
