import type { Store, Value } from "@nn/compiler/target";
import { bytesPerElement } from "@nn/tensor/extend";
import type { Mem } from "../assembler/memory.js";
import { rcx } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Block } from "../values/block.js";
import { Virtual } from "../values/steps.js";
import { OperationWriter, type Operand } from "../values/operation-writer.js";
import type { VectorWriter } from "../vectors/vector-writer.js";
import type { Where } from "./checks.js";
import type { Pointers } from "./pointers.js";
import type { Shape } from "./shape.js";

type Gather = Value & { readonly kind: "gather" };

/** Whether the elements of a gather lie side by side, or are one: all lanes share the index. Else each lane reads at its own position. */
export function isRow({ index, at: position }: Gather, shape: Shape): boolean {
  const step = shape.laneStep(position);
  return !shape.variesInLanes(index) && (step === 0 || step === 1);
}

/** Reads at computed positions. */
export class IndexedReads {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #shape: Shape;
  readonly #pointers: Pointers;
  #scratch: Mem | undefined;

  constructor(f: KernelFunction, w: VectorWriter, shape: Shape, pointers: Pointers) {
    this.#f = f;
    this.#w = w;
    this.#shape = shape;
    this.#pointers = pointers;
  }

  gather(block: Block, value: Gather, index: Operand, where: Where): Operand {
    return isRow(value, this.#shape) ? this.#row(block, value, index, where) : this.#each(block, value, index, where);
  }

  /** The elements of a row, from one index. */
  #row(block: Block, { buffer, at: position, stride, dtype }: Gather, index: Operand, { along, part }: Where): Virtual {
    const w = this.#w;
    const scratch = this.#scratchVector();
    const step = this.#shape.laneStep(position);
    return block.compute(index instanceof Virtual ? [index] : [], (destination, [register]) => {
      if (register !== undefined) w.store(scratch, register);
      w.asm.mov(rcx.low, index instanceof Virtual ? scratch : index.memory());
      w.asm.imul(rcx, rcx, stride * bytesPerElement[dtype]);
      const row = this.#pointers.memory(buffer, position, along * step).indexed(rcx);
      if (dtype === "bool") {
        if (step === 0) w.broadcastMask(destination, row);
        else w.loadMask(destination, row, part);
      } else if (step === 0) w.asm.vector("vbroadcastss", destination, row);
      else w.load(destination, row, part);
    });
  }

  /** Each lane at its own index. */
  #each(block: Block, value: Gather, index: Operand, where: Where): Virtual {
    const o = new OperationWriter(block, this.#w);
    const step = this.#shape.laneStep(value.at);
    const scaled = value.stride === 1 ? index : o.commutative("vpmulld", index, o.bits(value.stride));
    return this.#scattered(block, value, step === 0 ? scaled : o.commutative("vpaddd", scaled, this.#steps(step)), where);
  }

  /** Elements of 32 bits that lie any number of elements apart. */
  strided(block: Block, access: Pick<Store, "buffer" | "at">, where: Where): Virtual {
    return this.#scattered(block, access, this.#steps(this.#shape.laneStep(access.at)), where);
  }

  /** How far each lane is from the first. */
  #steps(step: number): Operand {
    return { kind: "memory", constant: undefined, memory: () => this.#w.integers((lane) => lane * step) };
  }

  /** The elements that lie `distances` from the access of the first lane. */
  #scattered(block: Block, { buffer, at: position }: Pick<Store, "buffer" | "at">, distances: Operand, { along, part }: Where): Virtual {
    const w = this.#w;
    const step = this.#shape.laneStep(position);
    const positions = new OperationWriter(block, w).inRegister(distances);
    // The instruction overwrites the mask.
    const mask = w.level.name === "AVX2" ? [block.compute([], (destination) => w.load(destination, part === undefined ? w.splatBits(-1) : w.laneMask(part)))] : [];
    return block.compute([positions, ...mask], (destination, [indices, lanes]) => {
      if (indices !== undefined) w.gather(destination, this.#pointers.memory(buffer, position, along * step), indices, part, lanes);
    }, true);
  }

  #scratchVector(): Mem {
    this.#scratch ??= this.#f.vector(this.#w.level.bytes);
    return this.#scratch;
  }
}
