import type { Assembler } from "../assembler/assembler.js";
import { MachineCodeError } from "../assembler/errors.js";
import type { Mem } from "../assembler/memory.js";
import { k, rax, rcx, Vec, type Gpr, type Mask } from "../assembler/registers.js";
import type { Level } from "./level.js";

/** The first lanes of a vector, as the last columns of a matrix fill them. */
export interface Part {
  readonly lanes: number;
  /** With AVX-512. With AVX2 the mask is a constant in memory. */
  readonly mask: Mask | undefined;
}

/** The predicates of comparisons: ordered, so false for NaN, but `unequal` and `unordered`. */
export const predicates = { equal: 0, less: 1, lessEqual: 2, unordered: 3, unequal: 4, greaterEqual: 13, greater: 14 } as const;

export type Predicate = keyof typeof predicates;

/** The predicates of comparisons of whole numbers. */
export type IntegerPredicate = "equal" | "less";

/** Instructions that put pieces of two vectors together: how they order the pieces. */
const orders = {
  /** The upper half, then the lower one. */
  upperHalfFirst: { "AVX-512": 0x4e, "AVX2": 0x01 },
  /** The lower half of each. */
  lowerHalves: { "AVX-512": 0x44, "AVX2": 0x20 },
  /** The even pieces of 128 bits of each. */
  evenPieces: { "AVX-512": 0x88, "AVX2": 0x20 },
  /** The odd ones. */
  oddPieces: { "AVX-512": 0xdd, "AVX2": 0x31 },
} as const;

/** An order of {@link VectorWriter.arrange}. */
export type PieceOrder = keyof typeof orders;

/** The mask register that single operations use. */
const scratchMask = 7;

/** Instructions on whole vectors and their first lanes, the same for both instruction sets. Comparisons give masks: all bits of a lane or none. */
export class VectorWriter {
  readonly asm: Assembler;
  readonly level: Level;
  readonly #parts = new Map<number, Part>();

  constructor(asm: Assembler, level: Level) {
    this.asm = asm;
    this.level = level;
  }

  register(number: number): Vec {
    return new Vec(number, this.level.bytes);
  }

  /** Makes a part of a vector known to the code from here on. Overwrites rax. */
  definePart(lanes: number): Part {
    const known = this.#parts.get(lanes);
    if (known !== undefined) return known;
    const part: Part = { lanes, mask: this.level.name === "AVX-512" ? k(this.#parts.size + 1) : undefined };
    if (part.mask !== undefined) {
      if (part.mask.number >= scratchMask) throw new MachineCodeError("there are too many parts of vectors");
      this.asm.set(rax, 2 ** lanes - 1);
      this.asm.vector("kmovw", part.mask, rax.low);
    }
    this.#parts.set(lanes, part);
    return part;
  }

  /** A part that the code knows. */
  definedPart(lanes: number): Part {
    const part = this.#parts.get(lanes);
    if (part === undefined) throw new MachineCodeError(`a part of ${lanes} lanes was not defined`);
    return part;
  }

  /** The same float32 in all lanes, in memory. */
  splat(value: number): Mem {
    return this.asm.constant(new Uint8Array(new Float32Array(this.level.lanes).fill(value).buffer));
  }

  /** The same 32 bits in all lanes, in memory. */
  splatBits(bits: number): Mem {
    return this.asm.constant(new Uint8Array(new Int32Array(this.level.lanes).fill(bits).buffer));
  }

  /** The same float64 in all lanes, in memory. */
  splatDouble(value: number): Mem {
    return this.asm.constant(new Uint8Array(new Float64Array(this.level.lanes / 2).fill(value).buffer));
  }

  /** The same 64 bits in all lanes of that width, in memory. */
  splatWideBits(bits: bigint): Mem {
    return this.asm.constant(new Uint8Array(new BigUint64Array(this.level.lanes / 2).fill(bits).buffer));
  }

  /** The same 16 bytes in each 128 bits, in memory. */
  repeated(bytes: Uint8Array): Mem {
    return this.asm.constant(Uint8Array.from({ length: this.level.bytes }, (_, at) => bytes[at % 16] ?? 0));
  }

  zero(destination: Vec): void {
    // The low half clears the rest; the first sixteen registers need no EVEX for it.
    if (destination.number < 16) this.asm.vector("vxorps", destination.as(16), destination.as(16), destination.as(16));
    else this.asm.vector("vxorps", destination, destination, destination);
  }

  load(destination: Vec, source: Mem, part?: Part): void {
    const { asm } = this;
    if (part === undefined) asm.vector("vmovups", destination, source);
    else if (part.mask !== undefined) asm.vector("vmovups", destination.zero(part.mask), source);
    else {
      asm.vector("vmovups", destination, this.laneMask(part));
      asm.vector("vmaskmovps", destination, destination, source);
    }
  }

  /** Booleans, which take a byte each, as masks. With AVX2 it reads eight bytes, even for a part. */
  loadMask(destination: Vec, source: Mem, part?: Part): void {
    const { asm } = this;
    asm.vector("vpmovzxbd", part?.mask === undefined ? destination : destination.zero(part.mask), source);
    asm.vector("vpslld", destination, destination, 31);
    asm.vector("vpsrad", destination, destination, 31);
  }

  /** One boolean for all lanes, as a mask. Reads four bytes. */
  broadcastMask(destination: Vec, source: Mem): void {
    const { asm } = this;
    const four = destination.as(16);
    asm.vector("vpmovzxbd", four, source);
    asm.vector("vpslld", four, four, 31);
    asm.vector("vpsrad", four, four, 31);
    asm.vector("vbroadcastss", destination, four);
  }

  /** The lower half of a register. */
  halfOf(register: Vec): Vec {
    return register.as(this.level.bytes === 64 ? 32 : 16);
  }

  /** Moves the upper half of a vector to the lower half of another. */
  upperHalf(destination: Vec, source: Vec): void {
    this.asm.vector(this.level.name === "AVX2" ? "vextractf128" : "vextractf64x4", this.halfOf(destination), source, 1);
  }

  /** Puts pieces of two vectors together. */
  arrange(order: PieceOrder, destination: Vec, x: Vec, y: Vec): void {
    const { name } = this.level;
    this.asm.vector(name === "AVX2" ? "vperm2f128" : "vshuff32x4", destination, x, y, orders[order][name]);
  }

  /** Exchanges halves of vectors, then quarters, and so on, down to single lanes. What is combined with all of these in turn is equal in all lanes. */
  get swaps(): readonly ((destination: Vec, source: Vec) => void)[] {
    const { asm } = this;
    const halves = 0x4e;
    const neighbours = 0xb1;
    const within = [halves, neighbours].map((order) => (d: Vec, x: Vec) => asm.vector("vpermilps", d, x, order));
    const exchange = (d: Vec, x: Vec): void => this.arrange("upperHalfFirst", d, x, x);
    return this.level.name === "AVX2" ? [exchange, ...within] : [exchange, (d, x) => asm.vector("vshuff32x4", d, x, x, neighbours), ...within];
  }

  /** Stores a vector, or a part of it; with AVX2 that needs the mask of the part in a register. */
  store(destination: Mem, source: Vec, part?: Part, mask?: Vec): void {
    const { asm } = this;
    if (part === undefined) asm.vector("vmovups_store", destination, source);
    else if (part.mask !== undefined) asm.vector("vmovups_store", destination.merge(part.mask), source);
    else if (mask === undefined) throw new MachineCodeError("a part of a vector needs a mask");
    else asm.vector("vmaskmovps_store", destination, mask, source);
  }

  /** A vector of int32 in memory, one for each lane. */
  integers(of: (lane: number) => number): Mem {
    return this.asm.constant(new Uint8Array(Int32Array.from({ length: this.level.lanes }, (_, lane) => of(lane)).buffer));
  }

  /** A vector of whole numbers of 64 bits in memory, one for each lane of that width. */
  wideIntegers(of: (lane: number) => number): Mem {
    return this.asm.constant(new Uint8Array(BigInt64Array.from({ length: this.level.lanes / 2 }, (_, lane) => BigInt(of(lane))).buffer));
  }

  /** The mask of a part as a vector in memory. */
  laneMask({ lanes }: Part): Mem {
    return this.integers((lane) => (lane < lanes ? -1 : 0));
  }

  compare(predicate: Predicate, destination: Vec, x: Vec, y: Vec | Mem): void {
    const { asm } = this;
    if (this.level.name === "AVX2") {
      asm.vector("vcmpps", destination, x, y, predicates[predicate]);
      return;
    }
    asm.vector("vcmpps_mask", k(scratchMask), x, y, predicates[predicate]);
    asm.vector("vpmovm2d", destination, k(scratchMask));
  }

  /** The destination may be any operand. */
  compareIntegers(predicate: IntegerPredicate, destination: Vec, x: Vec, y: Vec): void {
    const { asm } = this;
    if (this.level.name === "AVX2") {
      if (predicate === "equal") asm.vector("vpcmpeqd", destination, x, y);
      else asm.vector("vpcmpgtd", destination, y, x);
      return;
    }
    asm.vector("vpcmpd_mask", k(scratchMask), x, y, predicates[predicate]);
    asm.vector("vpmovm2d", destination, k(scratchMask));
  }

  /** The bits that an odd number of three vectors have. The destination may be any operand. */
  exclusiveOr(destination: Vec, x: Vec, y: Vec, z: Mem): void {
    const { asm } = this;
    if (this.level.name === "AVX2") {
      asm.vector("vxorps", destination, x, y);
      asm.vector("vxorps", destination, destination, z);
      return;
    }
    const odd = 0x96;
    if (destination.number !== x.number && destination.number !== y.number) asm.vector("vmovups", destination, x);
    asm.vector("vpternlogd", destination, destination.number === y.number ? x : y, z, odd);
  }

  /** `x` where the mask holds, else `y`. The destination may be any operand. */
  select(destination: Vec, mask: Vec, x: Vec, y: Vec): void {
    const { asm } = this;
    if (this.level.name === "AVX2") {
      asm.vector("vblendvps", destination, y, x, mask);
      return;
    }
    asm.vector("vpmovd2m", k(scratchMask), mask);
    asm.vector("vblendmps", destination.merge(k(scratchMask)), y, x);
  }

  /** `x` where a comparison of two vectors holds, else `y`. With AVX2 the destination differs from `x` and `y`. */
  choose(predicate: Predicate, destination: Vec, [left, right]: readonly [Vec, Vec | Mem], x: Vec | Mem, y: Vec): void {
    const { asm } = this;
    if (this.level.name === "AVX2") {
      this.compare(predicate, destination, left, right);
      asm.vector("vblendvps", destination, y, x, destination);
      return;
    }
    asm.vector("vcmpps_mask", k(scratchMask), left, right, predicates[predicate]);
    asm.vector("vblendmps", destination.merge(k(scratchMask)), y, x);
  }

  /** Compares a mask with that of no lanes: `e` is the result if it has none. */
  compareLanesToNone(mask: Vec): void {
    const { asm } = this;
    if (this.level.name === "AVX2") {
      asm.vector("vptest", mask, mask);
      return;
    }
    asm.vector("vpmovd2m", k(scratchMask), mask);
    asm.vector("kortestw", k(scratchMask), k(scratchMask));
  }

  /** Sets a bit of a register for each lane that is at least `limit`, as a whole number without a sign. The scratch register differs from `x`. */
  lanesFrom(destination: Gpr, x: Vec, limit: number, scratch: Vec): void {
    const { asm } = this;
    if (this.level.name === "AVX2") {
      asm.vector("vpmaxud", scratch, x, this.splatBits(limit));
      asm.vector("vpcmpeqd", scratch, scratch, x);
      asm.vector("vmovmskps", destination.low, scratch);
      return;
    }
    const notLess = 5;
    asm.vector("vpcmpud_mask", k(scratchMask), x, this.splatBits(limit), notLess);
    asm.vector("kmovw_general", destination.low, k(scratchMask));
  }

  /** Reads elements of 32 bits: for each lane, or each lane of a part, `indices` elements beyond `start`. With AVX2, `mask` holds the lanes, and is overwritten. The destination differs from both. Overwrites rcx. */
  gather(destination: Vec, start: Mem, indices: Vec, part?: Part, mask?: Vec): void {
    const { asm } = this;
    this.zero(destination);
    if (this.level.name === "AVX2") {
      if (mask === undefined) throw new MachineCodeError("a gather needs a mask");
      asm.vector("vgatherdps", destination, start.scattered(indices), mask);
      return;
    }
    asm.set(rcx, 2 ** (part?.lanes ?? this.level.lanes) - 1);
    asm.vector("kmovw", k(scratchMask), rcx.low);
    asm.vector("vgatherdps_masked", destination.merge(k(scratchMask)), start.scattered(indices));
  }

  /** To whole numbers: the nearest one (0), down (1), up (2) or towards 0 (3). */
  round(mode: 0 | 1 | 2 | 3, destination: Vec, source: Vec | Mem): void {
    // Bit 3 suppresses the exception for inexact results.
    this.asm.vector(this.level.name === "AVX2" ? "vroundps" : "vrndscaleps", destination, source, 8 | mode);
  }

  /** The same for float64. */
  roundDoubles(mode: 0 | 1 | 2 | 3, destination: Vec, source: Vec): void {
    this.asm.vector(this.level.name === "AVX2" ? "vroundpd" : "vrndscalepd", destination, source, 8 | mode);
  }
}
