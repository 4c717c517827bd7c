import { at as entry, kernelKey, type Buffer, type LibraryKernel } from "@nn/compiler/target";
import { bytesPerElement, sizeOf, stridesOf } from "@nn/tensor/extend";
import { MachineCodeError } from "../assembler/errors.js";
import { at, type Mem } from "../assembler/memory.js";
import { r10, r11, r12, r13, r8, r9, rax, rbx, rdx, rsi, type Gpr } from "../assembler/registers.js";
import { KernelFunction } from "../functions/kernel-function.js";
import type { MachineKernel } from "../machine-kernel.js";
import { VectorWriter } from "../vectors/vector-writer.js";
import type { Level } from "../vectors/level.js";
import { Sums, type SumDType } from "./sums.js";

export type ScatterKernel = LibraryKernel<"scatterAdd">;

/** With more updates along the axis than this, float32 is summed in float64, as in WebAssembly. */
const longSum = 1024;

/** Fewer elements in all take less time than the call of machine code. */
const worthwhileElements = 512;

const farthest = 2 ** 30;

/** Whether machine code takes less time than WebAssembly. */
export function isWorthwhileScatter({ inputs, output }: ScatterKernel): boolean {
  return sizeOf(output.shape) / 16 + sizeOf(entry(inputs, -1).shape) >= worthwhileElements;
}

/** Machine code that adds elements at computed positions, or `undefined` if there is none for their dtype. */
export function scatterCode(kernel: ScatterKernel, level: Level): MachineKernel | undefined {
  const { inputs, output, attributes: { axis } } = kernel;
  const isNear = [...inputs, output].every(({ shape }) => 8 * sizeOf(shape) < farthest);
  if (output.dtype === "float64" || output.dtype === "bool" || !isNear || sizeOf(output.shape) === 0) return undefined;
  const isLong = output.dtype === "float32" && entry(entry(inputs, -1).shape, axis) > longSum;
  const code = new ScatterEmitter(kernel, level, isLong ? "float64" : output.dtype).emit();
  return { code, scratchBytes: isLong ? sizeOf(output.shape) * bytesPerElement.float64 : 0 };
}

/** The registers that go through the updates, the indices and the sums. */
const [updates, indices, sums] = [r8, r9, r10];

/**
 * Copies the base, or fills with zeros, then adds the updates in row-major order. One thread does all of it. If all updates of a row have one index, they
 * are added as vectors; else one by one.
 */
class ScatterEmitter {
  readonly #f = new KernelFunction();
  readonly #w: VectorWriter;
  readonly #kernel: ScatterKernel;
  readonly #buffers: readonly Buffer[];
  readonly #sums: Sums;
  readonly #dtype: SumDType;

  /** `dtype`: that of the sums while they grow. */
  constructor(kernel: ScatterKernel, level: Level, dtype: SumDType) {
    this.#w = new VectorWriter(this.#f.asm, level);
    this.#kernel = kernel;
    this.#buffers = kernelKey(kernel).buffers;
    this.#dtype = dtype;
    this.#sums = new Sums(this.#f, this.#w, dtype);
  }

  emit(): Uint8Array<ArrayBuffer> {
    const f = this.#f;
    const { inputs, output } = this.#kernel;
    const [, , base] = inputs.toReversed();
    const size = sizeOf(output.shape);
    f.requireFirstThread();
    const target = this.#isLong ? f.addressOf(this.#buffers.length) : this.#addressOf(output);
    f.asm.mov(r11, target);
    if (base === undefined) this.#sums.clear(r11, size);
    else {
      f.asm.mov(r12, this.#addressOf(base));
      this.#sums.begin(r11, r12, size);
    }
    if (sizeOf(this.#shape) > 0) {
      f.asm.mov(updates, this.#addressOf(entry(inputs, -1)));
      f.asm.mov(indices, this.#addressOf(this.#index));
      f.asm.mov(sums, target);
      this.#rows(0);
    }
    if (this.#isLong) {
      f.asm.mov(r11, this.#addressOf(output));
      f.asm.mov(r12, target);
      this.#sums.finish(r11, r12, size);
    }
    return f.finish();
  }

  get #isLong(): boolean {
    return this.#dtype === "float64";
  }

  get #index(): Buffer {
    return entry(this.#kernel.inputs, -2);
  }

  /** That of the updates. */
  get #shape(): readonly number[] {
    return entry(this.#kernel.inputs, -1).shape;
  }

  /** The elements of the index from one position of an axis of the updates to the next. */
  get #indexSteps(): readonly number[] {
    const { shape } = this.#index;
    return stridesOf(shape).map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  }

  #addressOf(buffer: Buffer): Mem {
    return this.#f.addressOf(this.#buffers.indexOf(buffer));
  }

  #rows(axis: number): void {
    const { axis: along } = this.#kernel.attributes;
    const last = this.#shape.length - 1;
    if (axis === last) {
      if (along !== last && entry(this.#indexSteps, last) === 0) this.#row();
      else this.#elements();
      return;
    }
    const f = this.#f;
    const counter = f.variable();
    const count = entry(this.#shape, axis);
    const indexStep = 4 * entry(this.#indexSteps, axis);
    const sumStep = axis === along ? 0 : this.#sums.bytes * entry(stridesOf(this.#kernel.output.shape), axis);
    f.assign(counter, count);
    f.repeat(counter, () => {
      this.#rows(axis + 1);
      this.#move(indices, indexStep);
      this.#move(sums, sumStep);
    });
    this.#move(indices, -count * indexStep);
    this.#move(sums, -count * sumStep);
  }

  #move(register: Gpr, bytes: number): void {
    if (bytes !== 0) this.#f.asm.arithmetic("add", register, bytes);
  }

  /** Puts the place of the sums that an index chooses into rax, counted in bytes from those of index 0. */
  #choose(): void {
    const { check, attributes: { axis }, output } = this.#kernel;
    if (check === undefined) throw new MachineCodeError("a scatter has a check");
    const { asm } = this.#f;
    asm.mov(rax.low, at(indices));
    asm.arithmetic("cmp", rax.low, check.size);
    this.#f.divert("ae", () => {
      asm.mov(rsi, rax);
      asm.mov(rdx, indices);
      asm.arithmetic("sub", rdx, this.#addressOf(this.#index));
      asm.shr(rdx, 2);
      this.#f.fail(check.fault);
    });
    asm.imul(rax, rax, this.#sums.bytes * entry(stridesOf(output.shape), axis));
  }

  /** A row with one index. */
  #row(): void {
    const count = entry(this.#shape, -1);
    this.#choose();
    this.#f.asm.arithmetic("add", rax, sums);
    this.#f.asm.mov(r11, rax);
    this.#f.asm.mov(r12, updates);
    this.#sums.add(r11, r12, count);
    this.#move(updates, 4 * count);
  }

  /** A row of elements with an index each, or along the axis. */
  #elements(): void {
    const { asm } = this.#f;
    const count = entry(this.#shape, -1);
    const last = this.#shape.length - 1;
    const indexStep = 4 * entry(this.#indexSteps, last);
    const sumStep = this.#kernel.attributes.axis === last ? 0 : this.#sums.bytes;
    asm.mov(r13, sums);
    asm.set(rbx, count);
    this.#f.repeat(rbx, () => {
      this.#choose();
      this.#sums.addElement(at(r13, 0, rax), at(updates));
      this.#move(updates, 4);
      this.#move(indices, indexStep);
      this.#move(r13, sumStep);
    });
    this.#move(indices, -count * indexStep);
  }
}
