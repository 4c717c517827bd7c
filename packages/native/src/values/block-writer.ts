import type { Mem } from "../assembler/memory.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import type { Block } from "./block.js";
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
