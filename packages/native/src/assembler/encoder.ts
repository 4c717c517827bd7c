import { CodeBuffer } from "./code-buffer.js";
import { MachineCodeError } from "./errors.js";
import { Label, Scattered, type Mem } from "./memory.js";
import type { Masking, Vec } from "./registers.js";
import type { VectorInstruction } from "./instructions.js";

/** Four bytes that hold the distance from their end, plus `tail` more bytes of the instruction, to a label. */
interface Reference {
  readonly label: Label;
  readonly position: number;
  readonly tail: number;
}

/** What the ModRM byte names besides a register. */
export type RegisterOrMemory = { readonly number: number } | Mem;

function isMemory(operand: RegisterOrMemory): operand is Mem {
  return "address" in operand;
}

/** The fields that extend ModRM and SIB to more than eight registers. */
interface Extension {
  readonly index: number;
  readonly base: number;
}

function extensionOf(operand: RegisterOrMemory): Extension {
  if (!isMemory(operand)) return { index: operand.number >> 4, base: operand.number >> 3 };
  const { address } = operand;
  return address instanceof Label ? { index: 0, base: 0 } : { index: (address.index?.number ?? 0) >> 3, base: address.base.number >> 3 };
}

/** The number of the vector with an index for each lane; 0 if there is none. */
function vectorIndexOf(operand: RegisterOrMemory): number {
  return isMemory(operand) && operand instanceof Scattered ? operand.indices.number : 0;
}

/** The operands of a vector instruction, by the fields that name them. */
export interface VectorOperands {
  /** The register in ModRM.reg. */
  readonly reg: number;
  /** The register in VEX.vvvv. */
  readonly vvvv: number;
  readonly rm: RegisterOrMemory;
  readonly bytes: Vec["bytes"];
  readonly masking: Masking | undefined;
  readonly immediate: number | undefined;
}

const not = (value: number): number => ~value & 1;

/** Writes the bytes of instructions (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2). */
export class Encoder {
  readonly code = new CodeBuffer();
  readonly #references: Reference[] = [];

  /** The label's place is here. */
  place(label: Label): void {
    if (label.position !== undefined) throw new MachineCodeError("a label has one place");
    label.position = this.code.length;
  }

  /** A legacy instruction. `digit` is a register, or an extension of the opcode. */
  legacy(opcode: readonly number[], digit: number, rm: RegisterOrMemory, options: { readonly wide: boolean; readonly immediate?: number; readonly immediateBytes?: 0 | 1 | 4 }): void {
    const { wide, immediate = 0, immediateBytes = 0 } = options;
    const { index, base } = extensionOf(rm);
    const rex = 0x40 | (Number(wide) << 3) | ((digit >> 3) << 2) | ((isMemory(rm) ? index : 0) << 1) | base;
    if (rex !== 0x40) this.code.byte(rex);
    this.code.byte(...opcode);
    this.#modRm(digit, rm, 1, immediateBytes);
    if (immediateBytes === 1) this.code.byte(immediate & 255);
    if (immediateBytes === 4) this.code.i32(immediate);
  }

  /** An instruction that ends with the distance to a label. */
  branch(opcode: readonly number[], label: Label): void {
    this.code.byte(...opcode);
    this.#distance(label, 0);
  }

  vector(row: VectorInstruction, operands: VectorOperands): void {
    if (needsEvex(row, operands)) this.#evex(row, operands);
    else this.#vex(row, operands);
    if (operands.immediate !== undefined) this.code.byte(operands.immediate & 255);
  }

  /** Fills in the distances to labels. */
  finish(): Uint8Array<ArrayBuffer> {
    for (const { label, position, tail } of this.#references) {
      if (label.position === undefined) throw new MachineCodeError("a label that is used has no place");
      this.code.patch(position, label.position - (position + 4 + tail));
    }
    return this.code.toBytes();
  }

  #vex({ prefix, map, opcode }: VectorInstruction, { reg, vvvv, rm, bytes, immediate }: VectorOperands): void {
    const { index, base } = extensionOf(rm);
    const x = isMemory(rm) ? index : 0;
    const last = ((~vvvv & 15) << 3) | (Number(bytes === 32) << 2) | prefix;
    if (map === 1 && x === 0 && base === 0) this.code.byte(0xc5, (not(reg >> 3) << 7) | last);
    else this.code.byte(0xc4, (not(reg >> 3) << 7) | (not(x) << 6) | (not(base) << 5) | map, last);
    this.code.byte(opcode);
    this.#modRm(reg, rm, 1, immediate === undefined ? 0 : 1);
  }

  #evex(row: VectorInstruction, { reg, vvvv, rm, bytes, masking, immediate }: VectorOperands): void {
    const { index, base } = extensionOf(rm);
    const broadcasts = isMemory(rm) && rm.broadcasts;
    this.code.byte(
      0x62,
      (not(reg >> 3) << 7) | (not(index) << 6) | (not(base) << 5) | (not(reg >> 4) << 4) | row.map,
      (Number(row.wide) << 7) | ((~vvvv & 15) << 3) | 4 | row.prefix,
      (Number(masking?.zeroing ?? false) << 7) | (Math.log2(bytes / 16) << 5) | (Number(broadcasts) << 4) | (not((vvvv | vectorIndexOf(rm)) >> 4) << 3) | (masking?.mask.number ?? 0),
      row.opcode,
    );
    const element = row.wide ? 8 : 4;
    const unit = broadcasts || row.tuple === "element" ? element : bytes / { vector: 1, half: 2, quarter: 4 }[row.tuple];
    this.#modRm(reg, rm, unit, immediate === undefined ? 0 : 1);
  }

  /** ModRM, SIB and displacement. An 8-bit displacement counts `unit` bytes; `tail` bytes of the instruction follow. */
  #modRm(register: number, rm: RegisterOrMemory, unit: number, tail: number): void {
    const reg = (register & 7) << 3;
    if (!isMemory(rm)) {
      this.code.byte(0xc0 | reg | (rm.number & 7));
      return;
    }
    const { address } = rm;
    if (address instanceof Label) {
      this.code.byte(0x05 | reg);
      this.#distance(address, tail);
      return;
    }
    const { base, index, scale, displacement } = address;
    const short = displacement % unit === 0 && displacement / unit >= -128 && displacement / unit < 128;
    const mod = displacement === 0 && (base.number & 7) !== 5 ? 0 : short ? 1 : 2;
    if (index === undefined && (base.number & 7) !== 4) this.code.byte((mod << 6) | reg | (base.number & 7));
    else this.code.byte((mod << 6) | reg | 4, (Math.log2(scale) << 6) | (((index?.number ?? 4) & 7) << 3) | (base.number & 7));
    if (mod === 1) this.code.byte((displacement / unit) & 255);
    if (mod === 2) this.code.i32(displacement);
  }

  #distance(label: Label, tail: number): void {
    this.#references.push({ label, position: this.code.length, tail });
    this.code.i32(0);
  }
}

function needsEvex({ encodings, form }: VectorInstruction, { reg, vvvv, rm, bytes, masking }: VectorOperands): boolean {
  const registers = [reg, vvvv, isMemory(rm) ? vectorIndexOf(rm) : rm.number];
  const needed = bytes === 64 || masking !== undefined || (isMemory(rm) && rm.broadcasts) || registers.some((number) => number > 15);
  if (needed && encodings === "vex") throw new MachineCodeError(`an instruction of the form ${form} has no 512 bits, masks or registers above 15`);
  return needed || encodings === "evex";
}
