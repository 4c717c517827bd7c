import { MachineCodeError } from "./errors.js";
import { Encoder, type VectorOperands } from "./encoder.js";
import { vectorInstructions, type Form, type VectorInstruction } from "./instructions.js";
import { Label, Mem, type Scattered } from "./memory.js";
import { Gpr, rax, rbx, type Mask, type Vec } from "./registers.js";

/** The operands of each form. */
export interface Forms {
  readonly rvm: readonly [destination: Vec, x: Vec, y: Vec | Mem];
  readonly rvmi: readonly [destination: Vec, x: Vec, y: Vec | Mem, immediate: number];
  readonly rm: readonly [destination: Vec, source: Vec | Mem];
  readonly rmi: readonly [destination: Vec, source: Vec | Mem, immediate: number];
  readonly hr: readonly [destination: Vec, source: Vec];
  readonly mri: readonly [destination: Vec | Mem, source: Vec, immediate: number];
  readonly vmi: readonly [destination: Vec, source: Vec, immediate: number];
  readonly mr: readonly [destination: Mem, source: Vec];
  readonly rvs: readonly [destination: Vec, mask: Vec, source: Mem];
  readonly mvr: readonly [destination: Mem, mask: Vec, source: Vec];
  readonly rvmr: readonly [destination: Vec, x: Vec, y: Vec | Mem, mask: Vec];
  readonly kvmi: readonly [destination: Mask, x: Vec, y: Vec | Mem, immediate: number];
  readonly rk: readonly [destination: Vec, source: Mask];
  readonly kr: readonly [destination: Mask, source: Vec];
  readonly kk: readonly [x: Mask, y: Mask];
  readonly kg: readonly [destination: Mask, source: Gpr];
  readonly gr: readonly [destination: Gpr, source: Vec | Mask];
  readonly rx: readonly [destination: Vec, source: Scattered];
  readonly rxv: readonly [destination: Vec, source: Scattered, mask: Vec];
}

export type VectorInstructionName = keyof typeof vectorInstructions;

/** The form of an instruction. */
export type FormOf<N extends VectorInstructionName> = (typeof vectorInstructions)[N]["form"];

/** The operands of an instruction on vectors. */
export type OperandsOf<N extends VectorInstructionName> = Forms[FormOf<N>];

/** The vector instructions, each with its form. */
export const instructions: { readonly [N in VectorInstructionName]: VectorInstruction<FormOf<N>> } = vectorInstructions;

/** Which operand each field of an instruction names. */
const fieldsOf: { readonly [F in Form]: (operands: Forms[F], digit: number) => VectorOperands } = {
  rvm: ([d, x, y]) => fields(d.number, x.number, y, d),
  rvmi: ([d, x, y, immediate]) => fields(d.number, x.number, y, d, immediate),
  rm: ([d, x]) => fields(d.number, 0, x, d),
  rmi: ([d, x, immediate]) => fields(d.number, 0, x, d, immediate),
  hr: ([d, x]) => fields(d.number, 0, x, x),
  mri: ([d, x, immediate]) => fields(x.number, 0, d, x, immediate),
  vmi: ([d, x, immediate], digit) => fields(digit, d.number, x, d, immediate),
  mr: ([d, x]) => ({ ...fields(x.number, 0, d, x), masking: d.mask === undefined ? undefined : { mask: d.mask, zeroing: false } }),
  rvs: ([d, mask, x]) => fields(d.number, mask.number, x, d),
  mvr: ([d, mask, x]) => fields(x.number, mask.number, d, x),
  rvmr: ([d, x, y, mask]) => fields(d.number, x.number, y, d, mask.number << 4),
  kvmi: ([d, x, y, immediate]) => fields(d.number, x.number, y, x, immediate),
  rk: ([d, x]) => fields(d.number, 0, x, d),
  kr: ([d, x]) => fields(d.number, 0, x, x),
  gr: ([d, x]) => ({ reg: d.number, vvvv: 0, rm: x, bytes: x.kind === "vec" ? x.bytes : 16, masking: undefined, immediate: undefined }),
  rx: ([d, x]) => fields(d.number, 0, x, d),
  rxv: ([d, x, mask]) => fields(d.number, mask.number, x, d),
  kk: ([x, y]) => ({ reg: x.number, vvvv: 0, rm: y, bytes: 16, masking: undefined, immediate: undefined }),
  kg: ([d, x]) => ({ reg: d.number, vvvv: 0, rm: x, bytes: 16, masking: undefined, immediate: undefined }),
};

/** The width and the masking are those of the vector `of`. */
function fields(reg: number, vvvv: number, rm: VectorOperands["rm"], of: Vec, immediate?: number): VectorOperands {
  return { reg, vvvv, rm, bytes: of.bytes, masking: of.masking, immediate };
}

/** The operations of the arithmetic unit: the extension of their opcode. */
export const arithmetic = { add: 0, or: 1, and: 4, sub: 5, xor: 6, cmp: 7 } as const;

/** The conditions of branches and conditional moves, after a comparison: equal, not equal, and signed and unsigned order. */
export const conditions = { e: 4, ne: 5, l: 12, ge: 13, le: 14, g: 15, b: 2, ae: 3 } as const;

export type Condition = keyof typeof conditions;

/** The instruction that does nothing. */
const nop = 0x90;

const isShort = (value: number): boolean => value >= -128 && value < 128;

/** Writes a function of x86-64, instruction by instruction. Destinations come first, as in Intel's manuals. */
export class Assembler {
  readonly #encoder = new Encoder();
  readonly #constants = new Map<string, { readonly label: Label; readonly bytes: Uint8Array }>();

  /** The number of bytes so far. */
  get length(): number {
    return this.#encoder.code.length;
  }

  /** The label's place is here. */
  place(label: Label): void {
    this.#encoder.place(label);
  }

  /** The label's place is `position`, perhaps behind the code. */
  placeAt(label: Label, position: number): void {
    label.position = position;
  }

  /** Bytes that are no instructions, or instructions of another assembler. */
  data(bytes: Uint8Array): void {
    this.#encoder.code.bytes(bytes);
  }

  /** Goes on at a multiple of `alignment`. */
  align(alignment: number): void {
    this.#encoder.code.align(alignment, nop);
  }

  /** Data behind the code, at a multiple of 64 bytes; equal data is there once. */
  constant(bytes: Uint8Array): Mem {
    const key = bytes.join();
    const known = this.#constants.get(key) ?? { label: new Label(), bytes };
    this.#constants.set(key, known);
    return new Mem(known.label);
  }

  /** `add`, `or`, `and`, `sub`, `xor`, `cmp`. An immediate has 32 bits and is extended with its sign. */
  arithmetic(operation: keyof typeof arithmetic, destination: Gpr | Mem, source: Gpr | Mem | number): void {
    const digit = arithmetic[operation];
    const wide = (destination instanceof Mem ? source : destination) instanceof Gpr ? this.#isWide(destination, source) : true;
    if (typeof source !== "number") {
      if (source instanceof Gpr) this.#encoder.legacy([(digit << 3) | 1], source.number, destination, { wide });
      else if (destination instanceof Gpr) this.#encoder.legacy([(digit << 3) | 3], destination.number, source, { wide });
      else throw new MachineCodeError(`${operation}: one operand must be a register`);
      return;
    }
    requireImmediate(operation, source);
    if (isShort(source)) this.#encoder.legacy([0x83], digit, destination, { wide, immediate: source, immediateBytes: 1 });
    else if (destination instanceof Gpr && destination.number === rax.number) {
      this.#encoder.code.byte(...(wide ? [0x48] : []), (digit << 3) | 5);
      this.#encoder.code.i32(source);
    } else this.#encoder.legacy([0x81], digit, destination, { wide, immediate: source, immediateBytes: 4 });
  }

  /** `destination = destination − n` for a number that is given later, by calling the result. */
  subtractLater(destination: Gpr): (value: number) => void {
    this.#encoder.legacy([0x81], arithmetic.sub, destination, { wide: true, immediateBytes: 4 });
    const position = this.length - 4;
    return (value) => this.#encoder.code.patch(position, value);
  }

  mov(destination: Gpr | Mem, source: Gpr | Mem): void {
    const wide = this.#isWide(destination, source);
    if (source instanceof Gpr) this.#encoder.legacy([0x89], source.number, destination, { wide });
    else if (destination instanceof Gpr) this.#encoder.legacy([0x8b], destination.number, source, { wide });
    else throw new MachineCodeError("mov: one operand must be a register");
  }

  /** Sets a register to a whole number from −2^31 to 2^32 − 1. */
  set(destination: Gpr, value: number): void {
    const { number } = destination;
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) throw new MachineCodeError(`set: expected a whole number from -2^31 to 2^32 - 1, got ${value}`);
    if (value < 0) {
      this.#encoder.legacy([0xc7], 0, destination, { wide: destination.bits === 64, immediate: value, immediateBytes: 4 });
      return;
    }
    // Writing the low half clears the high one.
    this.#encoder.code.byte(...(number > 7 ? [0x41] : []), 0xb8 | (number & 7));
    this.#encoder.code.i32(value);
  }

  /** Stores a whole number of 32 bits, extended with its sign, in 64 bits of memory. */
  store(destination: Mem, value: number): void {
    requireImmediate("store", value);
    this.#encoder.legacy([0xc7], 0, destination, { wide: true, immediate: value, immediateBytes: 4 });
  }

  lea(destination: Gpr, source: Mem): void {
    this.#encoder.legacy([0x8d], destination.number, source, { wide: true });
  }

  /** `destination = source · factor`. */
  imul(destination: Gpr, source: Gpr | Mem, factor?: number): void {
    const wide = destination.bits === 64;
    if (factor === undefined) this.#encoder.legacy([0x0f, 0xaf], destination.number, source, { wide });
    else {
      requireImmediate("imul", factor);
      const short = isShort(factor);
      this.#encoder.legacy([short ? 0x6b : 0x69], destination.number, source, { wide, immediate: factor, immediateBytes: short ? 1 : 4 });
    }
  }

  /** Divides rdx:rax, without signs: the quotient goes to rax, the remainder to rdx. */
  div(divisor: Gpr | Mem): void {
    this.#encoder.legacy([0xf7], 6, divisor, { wide: divisor instanceof Mem || divisor.bits === 64 });
  }

  /** Shifts a register to the right, without a sign. */
  shr(destination: Gpr, count: number): void {
    this.#encoder.legacy([0xc1], 5, destination, { wide: destination.bits === 64, immediate: count, immediateBytes: 1 });
  }

  /** The number of the lowest bit that is set; there is one. */
  bsf(destination: Gpr, source: Gpr): void {
    this.#encoder.legacy([0x0f, 0xbc], destination.number, source, { wide: this.#isWide(destination, source) });
  }

  /** Compares rax, or its low half, with memory. If they are equal, `source` goes to memory; if not, memory goes to rax. No other thread comes between. */
  lockCompareExchange(destination: Mem, source: Gpr): void {
    this.#encoder.code.byte(0xf0);
    this.#encoder.legacy([0x0f, 0xb1], source.number, destination, { wide: source.bits === 64 });
  }

  /** Loads a byte, as a number without a sign. */
  loadByte(destination: Gpr, source: Mem): void {
    this.#encoder.legacy([0x0f, 0xb6], destination.low.number, source, { wide: false });
  }

  /** Stores the lowest byte of rax, rcx, rdx or rbx. */
  storeByte(destination: Mem, source: Gpr): void {
    if (source.number > rbx.number) throw new MachineCodeError(`storeByte: ${String(source)} has no name for its lowest byte`);
    this.#encoder.legacy([0x88], source.number, destination, { wide: false });
  }

  cmov(condition: Condition, destination: Gpr, source: Gpr | Mem): void {
    this.#encoder.legacy([0x0f, 0x40 | conditions[condition]], destination.number, source, { wide: destination.bits === 64 });
  }

  push(register: Gpr): void {
    this.#encoder.code.byte(...(register.number > 7 ? [0x41] : []), 0x50 | (register.number & 7));
  }

  pop(register: Gpr): void {
    this.#encoder.code.byte(...(register.number > 7 ? [0x41] : []), 0x58 | (register.number & 7));
  }

  /** Calls the function whose address a register holds. */
  call(register: Gpr): void {
    this.#encoder.legacy([0xff], 2, register, { wide: false });
  }

  ret(): void {
    this.#encoder.code.byte(0xc3);
  }

  cpuid(): void {
    this.#encoder.code.byte(0x0f, 0xa2);
  }

  /** The state that the operating system saves: extended control register ecx, in edx:eax. */
  xgetbv(): void {
    this.#encoder.code.byte(0x0f, 0x01, 0xd0);
  }

  /** Clears the high parts of vector registers, which slow down code that uses the low ones in the old encoding. */
  vzeroupper(): void {
    this.#encoder.code.byte(0xc5, 0xf8, 0x77);
  }

  jmp(label: Label): void {
    this.#encoder.branch([0xe9], label);
  }

  /** Jumps if a comparison had this result. */
  jump(condition: Condition, label: Label): void {
    this.#encoder.branch([0x0f, 0x80 | conditions[condition]], label);
  }

  /** An instruction on vectors. */
  vector<N extends VectorInstructionName>(name: N, ...operands: OperandsOf<N>): void {
    const row = instructions[name];
    this.#encoder.vector(row, fieldsOf[row.form](operands, row.digit));
  }

  /** The code, with its constants behind it. */
  finish(): Uint8Array<ArrayBuffer> {
    const { code } = this.#encoder;
    for (const { label, bytes } of this.#constants.values()) {
      code.align(64, nop);
      this.#encoder.place(label);
      code.bytes(bytes);
    }
    return this.#encoder.finish();
  }

  #isWide(...operands: readonly (Gpr | Mem | number)[]): boolean {
    const registers = operands.flatMap((operand) => (operand instanceof Gpr ? [operand.bits] : []));
    if (new Set(registers).size > 1) throw new MachineCodeError("the registers of an instruction have one width");
    return registers[0] !== 32;
  }
}

function requireImmediate(name: string, value: number): void {
  if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 31) throw new MachineCodeError(`${name}: an immediate has 32 bits, got ${value}`);
}
