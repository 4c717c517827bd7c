import { end } from "./virtual-memory.js";
import type { Relocation } from "./stored-program.js";

/** The bytes of a number in LEB128 with all bits of 32. */
const numberBytes = 5;

/** The number whose last byte is at `last`; `undefined` if it is not one of five bytes below 2^31. */
function numberAt(code: Uint8Array, last: number): number | undefined {
  let value = code[last] ?? 0x80;
  if (value > 7) return undefined;
  for (let at = last - 1; at > last - numberBytes; at--) {
    const byte = code[at] ?? 0;
    if (byte < 0x80) return undefined;
    value = value * 128 + (byte & 0x7f);
  }
  return value;
}

/**
 * Finds the addresses in the code of a program, which was written for two places: there they differ by the distance of the two places of their part, and everything
 * else is equal. (The linkers of MP/M made relocatable files so, from two assemblies.) `partOf` gives the part with a distance. Returns `undefined` if anything else differs.
 */
export function findRelocations(code: Uint8Array, other: Uint8Array, partOf: (distance: number) => number | undefined): readonly Relocation[] | undefined {
  if (code.length !== other.length) return undefined;
  const found: Relocation[] = [];
  let before = 0;
  for (let at = 0; at < code.length; at++) {
    if (code[at] === other[at]) continue;
    let last = at;
    while ((code[last] ?? 0) >= 0x80) last++;
    const [value, moved] = [numberAt(code, last), numberAt(other, last)];
    const part = value === undefined || moved === undefined ? undefined : partOf(moved - value);
    const first = last - numberBytes + 1;
    if (part === undefined || first < before) return undefined;
    found.push({ distance: first - before, part });
    before = first;
    at = last;
  }
  return found;
}

/** The code for other places: `distances` says how far each part moves. Returns `undefined` if an address would not be from 0 to below 2^31. */
export function relocated(code: Uint8Array, relocations: readonly Relocation[], distances: readonly number[]): Uint8Array<ArrayBuffer> | undefined {
  const moved = new Uint8Array(code);
  let first = 0;
  for (const { distance, part } of relocations) {
    first += distance;
    const value = numberAt(code, first + numberBytes - 1);
    const by = distances[part];
    if (value === undefined || by === undefined) return undefined;
    let rest = value + by;
    if (rest < 0 || rest >= end) return undefined;
    for (let at = first; at < first + numberBytes - 1; at++) {
      moved[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    moved[first + numberBytes - 1] = rest;
  }
  return moved;
}
