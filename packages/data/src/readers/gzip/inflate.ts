import { DeflateError, huffman, type Huffman } from "./huffman.js";

/** How far back a repetition may reach. */
const windowLength = 1 << 15;

/** Bytes that come out at once. */
const blockLength = 1 << 16;

/** The longest repetition. */
const longestMatch = 258;

/** Bytes of input that hold any symbol with all its extra bits, and any description of codes. */
const symbolBytes = 8;
const codesBytes = 600;

const lengthBases = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const distanceExtra = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const endOfBlock = 256;

/** Room for the window, a block, and the repetition that fills it. */
export function outputBuffer(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(windowLength + blockLength + longestMatch);
}

interface Codes {
  readonly literals: Huffman;
  readonly distances: Huffman;
}

/**
 * Decompresses one deflate stream (RFC 1951) as its bytes come. The platform's `DecompressionStream` does not tell where a stream ends,
 * and browsers' refuse what follows; so files of several gzip members need this one. The work is proportional to input and output, the
 * memory constant.
 */
export class Inflater {
  #input: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Bits read but not used, the next one lowest, and their number. */
  #hold = 0;
  #bits = 0;
  /** Zero bytes that were read after the end of the input. */
  #beyond = 0;
  readonly #output: Uint8Array<ArrayBuffer>;
  #end = windowLength;
  #total = 0;
  #state: "block" | "stored" | "codes" | "done" = "block";
  #last = false;
  #stored = 0;
  #codes: Codes | undefined;

  /** `output` may have served for another stream before. */
  constructor(output = outputBuffer()) {
    this.#output = output;
  }

  /** Whether the stream has ended. */
  get done(): boolean {
    return this.#state === "done";
  }

  /** Bytes that were not used: those of an unfinished symbol or, at the end, what follows the stream. */
  get rest(): Uint8Array {
    return this.#input.subarray(this.#at);
  }

  /**
   * What the bytes give, in blocks that are the caller's to keep. `final` says that no more input comes.
   * @throws DeflateError if the stream is damaged, or cut off.
   */
  *push(input: Uint8Array, final: boolean): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
    this.#input = joined(this.#input.subarray(this.#at), input);
    this.#at = 0;
    while (this.#step(final)) if (this.#end >= windowLength + blockLength) yield this.#flush();
    this.#giveBack();
    if (this.#end > windowLength) yield this.#flush();
    if (final && this.#state !== "done") throw new DeflateError("the data are cut off");
  }

  /** Takes a part of the stream; false where more input is needed, or there is no more. */
  #step(final: boolean): boolean {
    if (this.#state === "block") return this.#beginBlock(final);
    if (this.#state === "stored") return this.#copyStored(final);
    return this.#state === "codes" && this.#decode(this.#codes as Codes, final);
  }

  #has(bytes: number, final: boolean): boolean {
    return final || this.#input.length - this.#at >= bytes;
  }

  #beginBlock(final: boolean): boolean {
    if (this.#last) {
      this.#state = "done";
      return false;
    }
    if (!this.#has(codesBytes, final)) return false;
    this.#last = this.#take(1) === 1;
    const type = this.#take(2);
    this.#requireWithin();
    if (type === 3) throw new DeflateError("a block has a type that there is not");
    if (type === 0) {
      this.#take(this.#bits & 7);
      const length = this.#take(16);
      const complement = this.#take(16);
      this.#requireWithin();
      if (length !== (~complement & 0xffff)) throw new DeflateError("the length of a stored block is damaged");
      this.#giveBack();
      this.#stored = length;
      this.#state = "stored";
    } else {
      this.#codes = type === 1 ? fixedCodes() : this.#readCodes();
      this.#state = "codes";
    }
    return true;
  }

  #copyStored(final: boolean): boolean {
    const count = Math.min(this.#stored, this.#input.length - this.#at, windowLength + blockLength - this.#end);
    this.#output.set(this.#input.subarray(this.#at, this.#at + count), this.#end);
    this.#at += count;
    this.#end += count;
    this.#total += count;
    this.#stored -= count;
    if (this.#stored === 0) this.#state = "block";
    else if (final && this.#at >= this.#input.length) throw new DeflateError("the data are cut off");
    return this.#stored === 0 || this.#at < this.#input.length;
  }

  #readCodes(): Codes {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const count = this.#take(4) + 4;
    if (literals > 286 || distances > 30) throw new DeflateError("a block has more symbols than there are");
    const codeLengths = new Uint8Array(19);
    for (let at = 0; at < count; at++) codeLengths[codeLengthOrder[at] as number] = this.#take(3);
    const code = huffman(codeLengths, "codes of lengths");
    const lengths = new Uint8Array(literals + distances);
    for (let at = 0; at < lengths.length;) {
      const symbol = this.#symbol(code);
      const [length, repeat] = symbol < 16 ? [symbol, 1] : symbol === 16 ? [lengths[at - 1], 3 + this.#take(2)] : [0, symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7)];
      if (length === undefined || at + repeat > lengths.length) throw new DeflateError("lengths of codes are repeated that there are not");
      lengths.fill(length, at, (at += repeat));
      this.#requireWithin();
    }
    if (lengths[endOfBlock] === 0) throw new DeflateError("a block has no code for its end");
    return { literals: huffman(lengths.subarray(0, literals), "codes of literals"), distances: huffman(lengths.subarray(literals), "codes of distances") };
  }

  /** Decodes symbols until the block ends, the output is full (true), or the input is used up (false). */
  #decode({ literals, distances }: Codes, final: boolean): boolean {
    const output = this.#output;
    while (this.#end < windowLength + blockLength) {
      if (!this.#has(symbolBytes, final)) return false;
      const symbol = this.#symbol(literals);
      if (symbol < endOfBlock) {
        output[this.#end++] = symbol;
        this.#total++;
      } else if (symbol === endOfBlock) {
        this.#state = "block";
        this.#requireWithin();
        return true;
      } else this.#repeat(symbol - 257, distances);
      if (this.#beyond > 0) this.#requireWithin();
    }
    return true;
  }

  #repeat(code: number, distances: Huffman): void {
    const base = lengthBases[code];
    if (base === undefined) throw new DeflateError("a length is out of range");
    const length = base + this.#take(lengthExtra[code] as number);
    const place = this.#symbol(distances);
    const start = distanceBases[place];
    if (start === undefined) throw new DeflateError("a distance is out of range");
    const distance = start + this.#take(distanceExtra[place] as number);
    if (distance > this.#total) throw new DeflateError("a distance reaches before the beginning");
    const output = this.#output;
    const end = this.#end;
    // A repetition may reach into itself: byte by byte.
    for (let at = end; at < end + length; at++) output[at] = output[at - distance] as number;
    this.#end = end + length;
    this.#total += length;
  }

  #symbol({ entries, bits }: Huffman): number {
    this.#fill();
    const entry = entries[this.#hold & ((1 << bits) - 1)] as number;
    const length = entry & 15;
    if (length === 0) throw new DeflateError("a code is met that there is not");
    this.#hold >>>= length;
    this.#bits -= length;
    return entry >>> 4;
  }

  #take(count: number): number {
    this.#fill();
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#bits -= count;
    return value;
  }

  /** At least 24 bits at hand; after the end of the input zeros. */
  #fill(): void {
    while (this.#bits < 24) {
      if (this.#at < this.#input.length) this.#hold |= (this.#input[this.#at++] as number) << this.#bits;
      else this.#beyond++;
      this.#bits += 8;
    }
  }

  /** Whole bytes that were read ahead go back to the input. */
  #giveBack(): void {
    this.#at -= (this.#bits >>> 3) - this.#beyond;
    this.#beyond = 0;
    this.#bits &= 7;
    this.#hold &= (1 << this.#bits) - 1;
  }

  /** Refuses a stream that used bits after the end of its input. */
  #requireWithin(): void {
    if (this.#beyond * 8 > this.#bits) throw new DeflateError("the data are cut off");
  }

  #flush(): Uint8Array<ArrayBuffer> {
    const block = this.#output.slice(windowLength, this.#end);
    this.#output.copyWithin(0, this.#end - windowLength, this.#end);
    this.#end = windowLength;
    return block;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

let fixed: Codes | undefined;

/** The codes that blocks of type 1 have. */
function fixedCodes(): Codes {
  fixed ??= {
    literals: huffman(Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)), "codes"),
    distances: huffman(new Uint8Array(32).fill(5), "codes"),
  };
  return fixed;
}
