import type { CheckedIndex, Value } from "@nn/compiler/target";
import { MachineCodeError } from "../assembler/errors.js";
import { at, type Mem } from "../assembler/memory.js";
import { rax, rcx, rdx, rsi, rsp, type Gpr, type Vec } from "../assembler/registers.js";
import type { KernelFunction } from "../functions/kernel-function.js";
import type { Block } from "../values/block.js";
import { OperationWriter, type Operand } from "../values/operation-writer.js";
import type { Virtual } from "../values/steps.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";
import type { Pointers } from "./pointers.js";
import type { Shape } from "./shape.js";

type Application = Value & { readonly kind: "apply" };

/** A vector of an iteration: how far along the axis of the lanes it begins, and the lanes that count, if not all do. */
export interface Where {
  readonly along: number;
  readonly part: Part | undefined;
}

/** Checks of the lanes of vectors. The first lane that fails is reported as a fault. */
export class Checks {
  readonly #f: KernelFunction;
  readonly #w: VectorWriter;
  readonly #shape: Shape;
  readonly #pointers: Pointers;
  #scratch: readonly [Mem, Mem] | undefined;

  constructor(f: KernelFunction, w: VectorWriter, shape: Shape, pointers: Pointers) {
    this.#f = f;
    this.#w = w;
    this.#shape = shape;
    this.#pointers = pointers;
  }

  /** An index, after its check: below the length of the axis, and not negative. */
  index(block: Block, { index: source, check, position }: CheckedIndex, index: Operand, { along, part }: Where): Virtual {
    const { asm } = this.#f;
    const [scratch] = this.#scratchVectors();
    const found = new OperationWriter(block, this.#w).inRegister(index);
    const counted = this.#shape.variesInLanes(source) ? (part?.lanes ?? this.#w.level.lanes) : 1;
    const step = position === undefined ? 0 : this.#shape.laneStep(position);
    const count = position === undefined ? (): void => asm.set(rax, -1) : this.#pointers.counter(position, along * step);
    this.#failFrom(block, [found], check.size, counted, ([x]) => {
      if (x !== undefined) this.#w.store(scratch, x);
      asm.bsf(rcx, rax);
      count();
      asm.imul(rdx, rcx, step);
      asm.arithmetic("add", rdx, rax);
      asm.mov(rsi.low, elementOf(scratch, rcx));
      this.#f.fail(check.fault);
    });
    return found;
  }

  /** A remainder by 0 and a power with a negative exponent have no result for whole numbers. */
  result({ primitive, fault }: Application, block: Block, x: Operand, y: Operand, { part }: Where): void {
    if (fault === undefined) return;
    const { asm } = this.#f;
    const o = new OperationWriter(block, this.#w);
    const operands = [o.inRegister(x), o.inRegister(y)] as const;
    const scratch = this.#scratchVectors();
    // Without a sign, what is one less than 0 is the largest number, and negative ones are the upper half.
    const [compared, limit] = primitive === "remainder" ? [o.binary("vpaddd", operands[1], o.bits(-1)), 2 ** 32 - 1] : [operands[1], 2 ** 31];
    this.#failFrom(block, [compared, ...operands], limit, part?.lanes ?? this.#w.level.lanes, ([, ...registers]) => {
      registers.forEach((register, at) => this.#w.store(scratch[at === 0 ? 0 : 1], register));
      asm.bsf(rcx, rax);
      asm.mov(rsi.low, elementOf(scratch[0], rcx));
      asm.mov(rdx.low, elementOf(scratch[1], rcx));
      this.#f.fail(fault);
    });
  }

  /** Runs `report`, which ends the kernel, if one of the first lanes of the first source is at least `limit`, without a sign. The bits of rax are these lanes then. */
  #failFrom(block: Block, sources: readonly Virtual[], limit: number, counted: number, report: (sources: readonly Vec[]) => void): void {
    const w = this.#w;
    // Nothing else may lie in the register of the comparison.
    const compared = block.compute(sources, (destination, registers) => {
      const [x] = registers;
      if (x === undefined) return;
      w.lanesFrom(rax, x, limit, destination);
      w.asm.arithmetic("and", rax.low, 2 ** counted - 1);
      this.#f.divert("ne", () => report(registers));
    }, true);
    block.effect([compared], () => undefined);
  }

  #scratchVectors(): readonly [Mem, Mem] {
    const { bytes } = this.#w.level;
    this.#scratch ??= [this.#f.vector(bytes), this.#f.vector(bytes)];
    return this.#scratch;
  }
}

/** An element of a vector on the stack. */
function elementOf({ address }: Mem, lane: Gpr): Mem {
  if (!("base" in address) || address.base !== rsp) throw new MachineCodeError("a variable lies on the stack");
  return at(rsp, address.displacement, lane, 4);
}
