/** What compressed data are wrong about. */
export class DeflateError extends Error {
  override readonly name = "DeflateError";
}

/** The longest code that deflate allows, in bits. */
const longest = 15;

/** A prefix code: `entries[next bits]` is the symbol times 16 plus the length of its code, or 0 where no code begins so. */
export interface Huffman {
  readonly entries: Uint16Array;
  /** Bits that an entry is chosen by. */
  readonly bits: number;
}

/**
 * The canonical prefix code with codes of these lengths (RFC 1951, 3.2.2); 0 means that a symbol has none.
 * @throws DeflateError if the lengths are those of no complete code; a single code of one bit is allowed, and none at all.
 */
export function huffman(lengths: Uint8Array, what: string): Huffman {
  const counts = new Uint16Array(longest + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  counts[0] = 0;
  const bits = counts.findLastIndex((count) => count > 0);
  const entries = new Uint16Array(1 << Math.max(bits, 0));
  if (bits <= 0) return { entries, bits: 0 };
  const next = new Uint16Array(longest + 1);
  let code = 0;
  for (let length = 1; length <= bits; length++) {
    code = (code + (counts[length - 1] as number)) << 1;
    next[length] = code;
    if (code + (counts[length] as number) > 1 << length) throw new DeflateError(`the ${what} are too many for their lengths`);
  }
  const complete = (next[bits] as number) + (counts[bits] as number) === 1 << bits;
  if (!complete && bits > 1) throw new DeflateError(`the ${what} are incomplete`);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const own = next[length] as number;
    next[length] = own + 1;
    // Codes come with their first bit lowest, and whatever follows them.
    for (let at = reversed(own, length); at < entries.length; at += 1 << length) entries[at] = (symbol << 4) | length;
  });
  return { entries, bits };
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >>> bit) & 1) << (length - 1 - bit);
  return result;
}
