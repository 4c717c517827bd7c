/** Multipliers and key increments of Philox4x32. */
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
const keyStep0 = 0x9e3779b9;
const keyStep1 = 0xbb67ae85;
const rounds = 10;

/** The upper 32 bits of the product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const first = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const second = (Math.imul(aLow, bHigh) + (first & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (first >>> 16) + (second >>> 16)) | 0;
}

/**
 * One block of Philox4x32-10, a counter-based random generator: four random words, a function of a 128-bit counter and a
 * 64-bit key. They are written to `out` from `at` on (fewer if `out` ends). `counter` is not changed.
 *
 * J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
export function philox4x32(counter: readonly [number, number, number, number], key: readonly [number, number], out: Int32Array, at: number): void {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round++) {
    const high0 = multiplyHigh(multiplier0, c0);
    const low0 = Math.imul(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + keyStep0) | 0;
    k1 = (k1 + keyStep1) | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}

/** Fills `out` with random words: word `i` is word `i mod 4` of the block at `counter + ⌊i / 4⌋`, a 64-bit sum. */
export function fillRandomWords(out: Int32Array, key: readonly [number, number], counter: readonly [low: number, high: number]): void {
  const [low, high] = counter;
  for (let block = 0; block * 4 < out.length; block++) {
    const sum = (low >>> 0) + block;
    const carry = Math.floor(sum / 2 ** 32);
    philox4x32([sum | 0, (high + carry) | 0, 0, 0], key, out, block * 4);
  }
}
