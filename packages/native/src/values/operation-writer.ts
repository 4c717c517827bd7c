import { at } from "@nn/compiler/target";
import type { Mem } from "../assembler/memory.js";
import type { Vec } from "../assembler/registers.js";
import type { IntegerPredicate, PieceOrder, Predicate, VectorWriter } from "../vectors/vector-writer.js";
import { Block } from "./block.js";
import { Virtual, type Replaced } from "./steps.js";

/** A vector in memory that an instruction can read by itself. */
export interface InMemory {
  readonly kind: "memory";
  /** The number in all lanes, if it is known. */
  readonly constant: number | undefined;
  /** The memory, when the instruction is written; may write instructions that compute its address. */
  memory(): Mem;
}

/** What an operation works on. */
export type Operand = Virtual | InMemory;

/** The instructions of the form "vector, vector, vector or memory" that operations use. */
type Binary =
  | "vaddps" | "vsubps" | "vmulps" | "vdivps" | "vmaxps" | "vminps" | "vandps" | "vandnps" | "vorps" | "vxorps"
  | "vaddpd" | "vsubpd" | "vmulpd" | "vdivpd" | "vminpd" | "vmaxpd"
  | "vunpcklps" | "vunpckhps" | "vunpcklpd" | "vunpckhpd"
  | "vpshufb" | "vpaddusb" | "vpaddq"
  | "vpaddd" | "vpsubd" | "vpmulld" | "vpmuludq" | "vpmaxsd" | "vpminsd" | "vpsllvd" | "vpsravd";

/** Shifts by a number of bits that is known. */
export type Shift = "vpslld" | "vpsrld" | "vpsrad" | "vpsllq" | "vpsrlq";

/** The instructions of the form "vector, vector". */
type Unary = "vsqrtps" | "vcvtdq2ps" | "vcvttps2dq" | "vpabsd";

/** The instructions of the form "vector, vector of half the width": those that double the width of each lane. */
type FromHalf = "vcvtps2pd" | "vcvtdq2pd" | "vpmovzxdq";

/** The other way round: they halve it. */
type ToHalf = "vcvtpd2ps" | "vcvttpd2dq";

/** The predicates of exchanged operands. */
const reversed: { readonly [P in Predicate]: Predicate } = { equal: "equal", unequal: "unequal", unordered: "unordered", less: "greater", lessEqual: "greaterEqual", greater: "less", greaterEqual: "lessEqual" };

/** A choice needs no more registers than other operations: some tiles of products and convolutions leave four. */
const mostChosen = 3;

/** Writes elementwise operations into a block. */
export class OperationWriter {
  readonly #block: Block;
  readonly #writer: VectorWriter;

  constructor(block: Block, writer: VectorWriter) {
    this.#block = block;
    this.#writer = writer;
  }

  /** The operand in a register. */
  inRegister(operand: Operand): Virtual {
    if (operand instanceof Virtual) return operand;
    return this.#block.compute([], (destination) => this.#writer.load(destination, operand.memory()));
  }

  /** A number in all lanes. */
  number(value: number): Operand {
    return { kind: "memory", memory: () => this.#writer.splat(value), constant: value };
  }

  /** The same bits in all lanes. */
  bits(bits: number): Operand {
    return { kind: "memory", constant: undefined, memory: () => this.#writer.splatBits(bits) };
  }

  binary(name: Binary, x: Operand, y: Operand): Virtual {
    const { asm } = this.#writer;
    const first = this.inRegister(x);
    if (!(y instanceof Virtual)) return this.#block.compute([first], (destination, [a]) => a !== undefined && asm.vector(name, destination, a, y.memory()));
    return this.#block.compute([first, y], (destination, [a, b]) => a !== undefined && b !== undefined && asm.vector(name, destination, a, b));
  }

  /** A float64 in all lanes. */
  double(value: number): Operand {
    return { kind: "memory", constant: undefined, memory: () => this.#writer.splatDouble(value) };
  }

  /** The same 64 bits in all lanes of that width. */
  wideBits(bits: bigint): Operand {
    return { kind: "memory", constant: undefined, memory: () => this.#writer.splatWideBits(bits) };
  }

  /** The same 16 bytes in each 128 bits. */
  repeated(bytes: Uint8Array): Operand {
    return { kind: "memory", constant: undefined, memory: () => this.#writer.repeated(bytes) };
  }

  arrange(order: PieceOrder, x: Operand, y: Operand): Virtual {
    return this.#pair(x, y, (destination, a, b) => this.#writer.arrange(order, destination, a, b));
  }

  /** The lower words of the 64-bit lanes of two vectors. */
  evenWords(x: Operand, y: Operand): Virtual {
    const [left, right] = [this.inRegister(x), this.inRegister(y)];
    const evenOfEach = 0x88;
    return this.#pair(this.arrange("evenPieces", left, right), this.arrange("oddPieces", left, right), (destination, a, b) => this.#writer.asm.vector("vshufps", destination, a, b, evenOfEach));
  }

  /** The lower half, with lanes of twice the width. */
  fromHalf(name: FromHalf, x: Operand): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.asm.vector(name, destination, this.#writer.halfOf(a)));
  }

  /** Lanes of half the width, in the lower half. */
  toHalf(name: ToHalf, x: Operand): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.asm.vector(name, this.#writer.halfOf(destination), a));
  }

  /** The halves of a vector, each with lanes of twice the width. */
  halves(name: FromHalf, x: Operand): readonly [low: Virtual, high: Virtual] {
    const whole = this.inRegister(x);
    return [this.fromHalf(name, whole), this.fromHalf(name, this.arrange("upperHalfFirst", whole, whole))];
  }

  /**
   * Code that runs only if a lane of a mask is set. `body` writes it, and returns the vectors that it replaces; the result is what holds then in the place
   * of each, whether it ran or not. It leaves as they are the lanes that are not in the mask.
   */
  rarely(mask: Operand, body: (o: OperationWriter) => readonly { readonly before: Operand; readonly after: Operand }[]): readonly Virtual[] {
    const rare = new Block();
    const o = new OperationWriter(rare, this.#writer);
    const replaced = body(o).map(({ before, after }): Pick<Replaced, "before" | "after"> => ({ before: this.inRegister(before), after: o.inRegister(after) }));
    return this.#block.rarely(this.inRegister(mask), rare, replaced);
  }

  #pair(x: Operand, y: Operand, write: (destination: Vec, x: Vec, y: Vec) => void): Virtual {
    return this.#block.compute([this.inRegister(x), this.inRegister(y)], (destination, [a, b]) => a !== undefined && b !== undefined && write(destination, a, b));
  }

  /** A binary operation whose operands may be exchanged: one in memory comes last. */
  commutative(name: Binary, x: Operand, y: Operand): Virtual {
    return x instanceof Virtual ? this.binary(name, x, y) : this.binary(name, y, x);
  }

  unary(name: Unary, x: Operand): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.asm.vector(name, destination, a));
  }

  shift(name: Shift, x: Operand, bits: number): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.asm.vector(name, destination, a, bits));
  }

  round(mode: 0 | 1 | 2 | 3, x: Operand): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.round(mode, destination, a));
  }

  roundDoubles(mode: 0 | 1 | 2 | 3, x: Operand): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.roundDoubles(mode, destination, a));
  }

  compare(predicate: Predicate, x: Operand, y: Operand): Virtual {
    const first = this.inRegister(x);
    if (!(y instanceof Virtual)) return this.#block.compute([first], (destination, [a]) => a !== undefined && this.#writer.compare(predicate, destination, a, y.memory()));
    return this.#block.compute([first, y], (destination, [a, b]) => a !== undefined && b !== undefined && this.#writer.compare(predicate, destination, a, b));
  }

  compareIntegers(predicate: IntegerPredicate, x: Operand, y: Operand): Virtual {
    return this.#block.compute([this.inRegister(x), this.inRegister(y)], (destination, [a, b]) => a !== undefined && b !== undefined && this.#writer.compareIntegers(predicate, destination, a, b));
  }

  /** `x` where the comparison holds, else `y`. */
  choose(predicate: Predicate, left: Operand, right: Operand, x: Operand, y: Operand): Virtual {
    if (!(left instanceof Virtual) && right instanceof Virtual) return this.choose(reversed[predicate], right, left, x, y);
    const [first, otherwise] = [this.inRegister(left), this.inRegister(y)];
    const operands = [first, otherwise, right, x].filter((operand) => operand instanceof Virtual);
    if (new Set(operands).size > mostChosen) return this.select(this.compare(predicate, first, right), x, otherwise);
    const { level } = this.#writer;
    // With AVX2 the mask is written to the destination.
    return this.#block.compute(operands, (destination, registers) => {
      const placeOf = (operand: Operand): Vec | Mem => (operand instanceof Virtual ? at(registers, operands.indexOf(operand)) : operand.memory());
      this.#writer.choose(predicate, destination, [at(registers, 0), placeOf(right)], placeOf(x), at(registers, 1));
    }, level.name === "AVX2");
  }

  select(mask: Operand, x: Operand, y: Operand): Virtual {
    const sources = [mask, x, y].map((operand) => this.inRegister(operand));
    return this.#block.compute(sources, (destination, [m, a, b]) => m !== undefined && a !== undefined && b !== undefined && this.#writer.select(destination, m, a, b), true);
  }
}

/** Writes one operation. Operations ignore the operands that they do not need. */
export type Operation = (o: OperationWriter, x: Operand, y: Operand, z: Operand) => Virtual;
