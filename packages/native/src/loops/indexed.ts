import type { CheckedIndex, Store, Value } from "@nn/compiler/target";
import { bytesPerElement } from "@nn/tensor/extend";
import { at, type Mem } from "../assembler/memory.js";
import { rax, rcx, rdx, rsi, rsp, type Gpr } from "../assembler/registers.js";
import { MachineCodeError } from "../assembler/errors.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import { Virtual, type Block } from "../values/block.js";
import { OperationWriter, type Operand } from "../values/operation-writer.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import type { Pointers } from "./pointers.js";
import type { Shape } from "./shape.js";

type Gather = Value & { readonly kind: "gather" };

/** A vector of an iteration: how far along the axis of the lanes it begins, and the lanes that count, if not all do. */
interface Where {
  readonly along: number;
  readonly part: Part | undefined;
}

/** Whether the elements of a gather lie side by side, or are one: all lanes share the index. Else each lane reads at its own position. */
export function isRow({ index, at: position }: Gather, shape: Shape): boolean {
  const step = shape.laneStep(position);
  return !shape.variesInLanes(index) && (step === 0 || step === 1);
}

/** Reads at computed positions, and the checks of these. */
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

  /** An index, after its check: below the length of the axis, and not negative. */
  checked(block: Block, { index: source, check, position }: CheckedIndex, index: Operand, { along, part }: Where): Virtual {
    const w = this.#w;
    const scratch = this.#scratchVector();
    const found = new OperationWriter(block, w).inRegister(index);
    const counted = this.#shape.variesInLanes(source) ? (part?.lanes ?? w.level.lanes) : 1;
    const step = position === undefined ? 0 : this.#shape.laneStep(position);
    const report = position === undefined ? (): void => this.#f.asm.set(rax, -1) : this.#pointers.counter(position, along * step);
    // Nothing else may lie in the register of the comparison.
    const compared = block.compute([found], (destination, [x]) => {
      if (x === undefined) return;
      w.lanesFrom(rax, x, check.size, destination);
      w.asm.arithmetic("and", rax.low, 2 ** counted - 1);
      this.#f.divert("ne", () => {
        w.store(scratch, x);
        this.#report(scratch, report, step);
        this.#f.fail(check.fault);
      });
    }, true);
    block.effect([compared], () => undefined);
    return found;
  }

  /** Puts the index that is out of range into rsi, and its position into rdx. The bits of rax are the lanes that are out of range. */
  #report(indices: Mem, position: () => void, step: number): void {
    const { asm } = this.#f;
    asm.bsf(rcx, rax);
    position();
    asm.imul(rdx, rcx, step);
    asm.arithmetic("add", rdx, rax);
    asm.mov(rsi.low, elementOf(indices, rcx));
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

/** An element of a vector on the stack. */
function elementOf({ address }: Mem, lane: Gpr): Mem {
  if (!("base" in address) || address.base !== rsp) throw new MachineCodeError("a variable lies on the stack");
  return at(rsp, address.displacement, lane, 4);
}
