const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

const rotated = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

const mixed = (word: number, factor: number, bits: number, next: number): number => Math.imul(rotated(Math.imul(word, factor), bits), next);

const stepped = (h: number, bits: number, other: number, constant: number): number => (Math.imul((rotated(h, bits) + other) | 0, 5) + constant) | 0;

/** Spreads every bit over all bits. */
function finished(x: number): number {
  const once = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

/**
 * 128 bits of four words that differ for different bytes: MurmurHash3_x86_128 (A. Appleby), which is fast, and no protection against bytes that are made to
 * collide.
 */
export function murmur(bytes: Uint8Array, seed = 0): readonly number[] {
  const { length } = bytes;
  const whole = length & ~15;
  let [h1, h2, h3, h4] = [seed, seed, seed, seed];
  let words = new DataView(bytes.buffer, bytes.byteOffset, length);
  for (let at = 0; at < whole; at += 16) {
    h1 = stepped(h1 ^ mixed(words.getInt32(at, true), c1, 15, c2), 19, h2, 0x561ccd1b);
    h2 = stepped(h2 ^ mixed(words.getInt32(at + 4, true), c2, 16, c3), 17, h3, 0x0bcaa747);
    h3 = stepped(h3 ^ mixed(words.getInt32(at + 8, true), c3, 17, c4), 15, h4, 0x96cd1c35);
    h4 = stepped(h4 ^ mixed(words.getInt32(at + 12, true), c4, 18, c1), 13, h1, 0x32ac3b17);
  }
  const rest = new Uint8Array(16);
  rest.set(bytes.subarray(whole));
  words = new DataView(rest.buffer);
  h1 ^= mixed(words.getInt32(0, true), c1, 15, c2) ^ length;
  h2 ^= mixed(words.getInt32(4, true), c2, 16, c3) ^ length;
  h3 ^= mixed(words.getInt32(8, true), c3, 17, c4) ^ length;
  h4 ^= mixed(words.getInt32(12, true), c4, 18, c1) ^ length;
  return withSum(withSum([h1, h2, h3, h4]).map(finished));
}

/** The sum of all words as the first, which is added to the others. */
function withSum(words: readonly number[]): readonly number[] {
  const sum = words.reduce((total, word) => (total + word) | 0, 0);
  return words.map((word, at) => (at === 0 ? sum : (word + sum) | 0));
}

/** The hash of bytes as 32 hexadecimal digits. */
export function hashOf(bytes: Uint8Array): string {
  return murmur(bytes).map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
