import type { Affine, Buffer } from "@nn/compiler/target";
import { bytesPerElement } from "@nn/tensor/extend";
import { at, Mem } from "../assembler/memory.js";
import { r10, r11, r12, r13, r14, r8, r9, rax, rcx, rdi, rdx, rsi, type Gpr } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";

/** Registers that hold pointers while a loop runs. rax, rcx and rbx are for short use and for counting. */
const pointerRegisters: readonly Gpr[] = [rsi, rdi, r8, r9, r10, r11, r12, r13, r14, rdx];

/** Elements of a buffer at a position, or without a buffer the position itself. */
export interface Access {
  readonly buffer: Buffer | undefined;
  readonly at: Affine;
}

/** A pointer, and what it grows by with each loop. */
interface Pointer {
  readonly place: Gpr | Mem;
  readonly coefficients: readonly number[];
  readonly bytes: number;
}

/** Where the accesses of a loop lie in this iteration. Accesses that differ by a constant share a pointer. */
export class Pointers {
  readonly #f: KernelFunction;
  readonly #numberOf: (buffer: Buffer) => number;
  readonly #waiting: Mem[] = [];
  #pointers = new Map<string, Pointer>();

  constructor(f: KernelFunction, numberOf: (buffer: Buffer) => number) {
    this.#f = f;
    this.#numberOf = numberOf;
  }

  /** Computes the pointers of accesses. `indices` holds the position of each loop that runs; the others are at 0. */
  begin(accesses: readonly Access[], indices: readonly (Mem | undefined)[]): void {
    this.#pointers = new Map();
    for (const { buffer, at: { coefficients } } of accesses) {
      const key = this.#keyOf(buffer, coefficients);
      if (this.#pointers.has(key)) continue;
      const pointer = { place: this.#place(this.#pointers.size), coefficients, bytes: buffer === undefined ? 1 : bytesPerElement[buffer.dtype] };
      this.#pointers.set(key, pointer);
      this.#compute(pointer, buffer, indices);
    }
  }

  /** Goes on by some iterations of a loop. */
  advance(axis: number, iterations: number): void {
    for (const { place, coefficients, bytes } of this.#pointers.values()) {
      const step = (coefficients[axis] ?? 0) * bytes * iterations;
      if (step !== 0) this.#f.asm.arithmetic("add", place, step);
    }
  }

  /** The memory of the access, `more` elements further on. May overwrite rax. */
  memory(buffer: Buffer, { offset, coefficients }: Affine, more: number): Mem {
    const { place, bytes } = this.#pointerOf(buffer, coefficients);
    return at(this.#inRegister(place), (offset + more) * bytes);
  }

  /** Puts a position into rax, `more` further on. */
  count({ offset, coefficients }: Affine, more: number): void {
    this.counter({ offset, coefficients }, more)();
  }

  /** A function that writes the same, and may be called when other pointers have taken the place of these, for code that runs now. */
  counter({ offset, coefficients }: Affine, more: number): () => void {
    const { place } = this.#pointerOf(undefined, coefficients);
    return () => {
      this.#f.asm.mov(rax, place);
      if (offset + more !== 0) this.#f.asm.arithmetic("add", rax, offset + more);
    };
  }

  #compute({ place, coefficients, bytes }: Pointer, buffer: Buffer | undefined, indices: readonly (Mem | undefined)[]): void {
    const { asm } = this.#f;
    const register = place instanceof Mem ? rcx : place;
    if (buffer === undefined) asm.set(register, 0);
    else asm.mov(register, this.#f.addressOf(this.#numberOf(buffer)));
    coefficients.forEach((coefficient, axis) => {
      const index = indices[axis];
      if (coefficient === 0 || index === undefined) return;
      asm.imul(rax, index, coefficient * bytes);
      asm.arithmetic("add", register, rax);
    });
    if (place instanceof Mem) asm.mov(place, register);
  }

  #place(number: number): Gpr | Mem {
    const register = pointerRegisters[number];
    if (register !== undefined) return register;
    const slot = number - pointerRegisters.length;
    const variable = this.#waiting[slot] ?? this.#f.variable();
    this.#waiting[slot] = variable;
    return variable;
  }

  #inRegister(place: Gpr | Mem): Gpr {
    if (!(place instanceof Mem)) return place;
    this.#f.asm.mov(rax, place);
    return rax;
  }

  #pointerOf(buffer: Buffer | undefined, coefficients: readonly number[]): Pointer {
    const pointer = this.#pointers.get(this.#keyOf(buffer, coefficients));
    if (pointer === undefined) throw new Error("an access of a loop has no pointer");
    return pointer;
  }

  #keyOf(buffer: Buffer | undefined, coefficients: readonly number[]): string {
    return `${buffer === undefined ? "position" : this.#numberOf(buffer)} ${coefficients.join()}`;
  }
}
