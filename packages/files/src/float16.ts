const scratch = new DataView(new ArrayBuffer(4));

/** The number of 16 bits: IEEE 754 binary16, with 1 sign, 5 exponent and 10 fraction bits. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The 16 bits of the nearest float16 (ties to even). Numbers that round beyond ±65504 become ±∞. */
export function numberToFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(magnitude)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -25) return sign;
  // The exponent of float64, from its upper half; a float16 below 2^-14 has the spacing 2^-24.
  const exponent = Math.max(-14, exponentOf(magnitude));
  const steps = roundToEven(magnitude * 2 ** (10 - exponent));
  // Rounding up to the next power of two carries into the exponent, as it should.
  return sign | (((exponent + 14) << 10) + steps);
}

/** ⌊log₂ x⌋ of a positive number from 2^-25 on. */
function exponentOf(value: number): number {
  scratch.setFloat32(0, value);
  const exponent = ((scratch.getUint32(0) >>> 23) & 0xff) - 127;
  // float32 may have rounded up to the next power of two.
  return 2 ** exponent > value ? exponent - 1 : exponent;
}

function roundToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest === 0.5) return down + (down % 2);
  return rest > 0.5 ? down + 1 : down;
}
