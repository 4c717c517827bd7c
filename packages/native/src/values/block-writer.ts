import type { Mem } from "../assembler/memory.js";
import { rcx } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import type { Block } from "./block.js";
import { OperationWriter } from "./operation-writer.js";
import type { Virtual } from "./steps.js";

/** Writes the blocks of a function. The vectors that find no register in one block and in another wait in the same memory. */
export class BlockWriter {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #spills: Mem[] = [];

  constructor(f: KernelFunction, w: VectorWriter) {
    this.#f = f;
    this.#w = w;
  }

  /** Writes a block in the registers `free`, which hold nothing else; by default in all. */
  write(block: Block, free: readonly number[] = Array.from({ length: this.#w.level.registers }, (_, register) => register)): void {
    let spilled = 0;
    block.write(this.#w, free, () => {
      const memory = this.#spills[spilled] ?? this.#f.vector(this.#w.level.bytes);
      this.#spills[spilled++] = memory;
      return memory;
    });
  }
}

/** Adds the store of a vector, or of a part of it, to a block. */
export function storeVector(block: Block, w: VectorWriter, value: Virtual, memory: () => Mem, part: Part | undefined): void {
  const mask = part === undefined || part.mask !== undefined ? [] : [block.compute([], (destination) => w.load(destination, w.laneMask(part)))];
  block.effect([value, ...mask], ([register, lanes]) => register !== undefined && w.store(memory(), register, part, lanes));
}

/** Adds the store of a mask, or of a part of it, as booleans of a byte each. With AVX2 it overwrites `scratch` and rcx. */
export function storeMask(block: Block, w: VectorWriter, value: Virtual, memory: () => Mem, scratch: Mem, part: Part | undefined): void {
  const { asm } = w;
  const bits = new OperationWriter(block, w).shift("vpsrld", value, 31);
  if (w.level.name === "AVX-512") {
    block.effect([bits], ([register]) => {
      const target = memory();
      if (register !== undefined) asm.vector("vpmovdb_store", part?.mask === undefined ? target : target.merge(part.mask), register);
    });
    return;
  }
  const words = block.compute([bits], (destination, [a]) => {
    if (a === undefined) return;
    w.upperHalf(destination, a);
    asm.vector("vpackssdw", destination, a, destination);
  }, true);
  block.effect([block.compute([words], (destination, [a]) => a !== undefined && asm.vector("vpacksswb", destination, a, a))], ([register]) => {
    if (register === undefined) return;
    w.store(scratch, register);
    const target = memory();
    if (part === undefined) {
      asm.mov(rcx, scratch);
      asm.mov(target, rcx);
      return;
    }
    for (let byte = 0; byte < part.lanes; byte++) {
      asm.loadByte(rcx, scratch.plus(byte));
      asm.storeByte(target.plus(byte), rcx);
    }
  });
}
