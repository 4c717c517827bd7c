import type { DType } from "@nn/tensor";
import type { ReductionKind, Value } from "@nn/compiler/target";
import type { Mem } from "../assembler/memory.js";
import type { Vec } from "../assembler/registers.js";
import { Block } from "../values/block.js";
import type { Virtual } from "../values/steps.js";
import { OperationWriter, type Operand } from "../values/operation-writer.js";
import { operationOf } from "../values/operations.js";
import type { Part, VectorWriter } from "../vectors/vector-writer.js";

/** A reduction of an input over the reduced loops. */
export type Reduce = Value & { readonly kind: "reduce" };

/** What a reduction has come to: in registers while a loop runs. */
export interface Total {
  begin(): void;
  /** Adds a vector. Of a part, only its lanes count. */
  add(block: Block, value: Virtual, part: Part | undefined): void;
  /** Adds what another total of the same kind has come to. `free` registers may be overwritten. */
  merge(other: this, free: readonly number[]): void;
  /** Stores the result: that of each lane, or with `across` that of all lanes, in every lane. */
  finish(destination: Mem, across: boolean, free: readonly number[]): void;
}

/** How many registers the total of a reduction takes. */
export function registersOf(value: Reduce): 1 | 2 {
  return isWide(value) ? 2 : 1;
}

/** Sums and products of float32 are computed in float64 and rounded once, as in eager execution. */
function isWide({ reduction, input }: Reduce): boolean {
  return input.dtype === "float32" && (reduction === "sum" || reduction === "prod");
}

/** The total of a reduction, in as many registers as {@link registersOf} says. */
export function totalOf(value: Reduce, w: VectorWriter, registers: readonly number[]): Total {
  const [first = 0, second = 0] = registers;
  return isWide(value) ? new WideTotal(w, value.reduction, w.register(first), w.register(second)) : new LaneTotal(w, value, first);
}

/** The identity element of a reduction. */
function identityOf(reduction: ReductionKind, dtype: DType): number {
  const [low, high] = dtype === "bool" ? [0, 1] : dtype === "int32" ? [-(2 ** 31), 2 ** 31 - 1] : [-Infinity, Infinity];
  return { sum: 0, prod: 1, max: low, min: high }[reduction];
}

function operandOf(o: OperationWriter, dtype: DType, value: number): Operand {
  return dtype === "float32" ? o.number(value) : o.bits(dtype === "bool" ? -value : value);
}

/** The lanes of a part, and the identity element in the others. */
function counted(block: Block, w: VectorWriter, value: Virtual, part: Part | undefined, identity: Operand): Virtual {
  if (part === undefined) return value;
  return new OperationWriter(block, w).select({ kind: "memory", constant: undefined, memory: () => w.laneMask(part) }, value, identity);
}

/** Sums or products in float64: two vectors for each vector of float32. */
class WideTotal implements Total {
  readonly #w: VectorWriter;
  readonly #identity: number;
  readonly #combine: "vaddpd" | "vmulpd";
  readonly #low: Vec;
  readonly #high: Vec;

  constructor(w: VectorWriter, reduction: ReductionKind, low: Vec, high: Vec) {
    this.#w = w;
    this.#identity = identityOf(reduction, "float32");
    this.#combine = reduction === "prod" ? "vmulpd" : "vaddpd";
    this.#low = low;
    this.#high = high;
  }

  begin(): void {
    for (const register of [this.#low, this.#high]) {
      if (this.#identity === 0) this.#w.zero(register);
      else this.#w.load(register, this.#w.asm.constant(new Uint8Array(new Float64Array(this.#w.level.lanes / 2).fill(this.#identity).buffer)));
    }
  }

  add(block: Block, value: Virtual, part: Part | undefined): void {
    const w = this.#w;
    const x = counted(block, w, value, part, new OperationWriter(block, w).number(this.#identity));
    const low = block.compute([x], (destination, [a]) => a !== undefined && w.asm.vector("vcvtps2pd", destination, w.halfOf(a)));
    const high = block.compute([x], (destination, [a]) => {
      if (a === undefined) return;
      w.upperHalf(destination, a);
      w.asm.vector("vcvtps2pd", destination, w.halfOf(destination));
    });
    for (const [half, total] of [[low, this.#low], [high, this.#high]] as const) {
      block.effect([half], ([register]) => register !== undefined && w.asm.vector(this.#combine, total, total, register));
    }
  }

  merge(other: this): void {
    const { asm } = this.#w;
    asm.vector(this.#combine, this.#low, this.#low, other.#low);
    asm.vector(this.#combine, this.#high, this.#high, other.#high);
  }

  finish(destination: Mem, across: boolean): void {
    const w = this.#w;
    const { asm } = w;
    const [low, high] = [this.#low, this.#high];
    if (across) {
      asm.vector(this.#combine, low, low, high);
      for (const swap of w.swaps.slice(0, -1)) {
        swap(high, low);
        asm.vector(this.#combine, low, low, high);
      }
      asm.vector("vcvtpd2ps", w.halfOf(low), low);
      asm.vector("vbroadcastss", low, low.as(16));
      w.store(destination, low);
      return;
    }
    for (const [half, offset] of [[low, 0], [high, w.level.bytes / 2]] as const) {
      asm.vector("vcvtpd2ps", w.halfOf(half), half);
      asm.vector("vmovups_store", destination.plus(offset), w.halfOf(half));
    }
  }
}

/** A total in the lanes of one vector. */
class LaneTotal implements Total {
  readonly #w: VectorWriter;
  readonly #value: Reduce;
  readonly #register: number;

  constructor(w: VectorWriter, value: Reduce, register: number) {
    this.#w = w;
    this.#value = value;
    this.#register = register;
  }

  get #identity(): number {
    return identityOf(this.#value.reduction, this.#value.dtype);
  }

  begin(): void {
    const { dtype } = this.#value;
    const bits = dtype === "bool" ? -this.#identity : this.#identity;
    this.#w.load(this.#w.register(this.#register), dtype === "float32" ? this.#w.splat(this.#identity) : this.#w.splatBits(bits));
  }

  add(block: Block, value: Virtual, part: Part | undefined): void {
    this.#take(block, counted(block, this.#w, value, part, operandOf(new OperationWriter(block, this.#w), this.#value.dtype, this.#identity)));
  }

  merge(other: this, free: readonly number[]): void {
    const block = new Block();
    this.#take(block, block.pinned(other.#register));
    this.#write(block, free);
  }

  finish(destination: Mem, across: boolean, free: readonly number[]): void {
    if (across) {
      for (const swap of this.#w.swaps) {
        const block = new Block();
        this.#take(block, block.compute([block.pinned(this.#register)], (register, [a]) => a !== undefined && swap(register, a)));
        this.#write(block, free);
      }
    }
    this.#w.store(destination, this.#w.register(this.#register));
  }

  #take(block: Block, value: Virtual): void {
    const { reduction, dtype } = this.#value;
    const combine = operationOf(({ sum: "add", prod: "mul", max: "maximum", min: "minimum" } as const)[reduction], dtype, dtype);
    if (combine === undefined) throw new Error(`there is no code for the reduction ${reduction} of ${dtype}`);
    const total = combine(new OperationWriter(block, this.#w), block.pinned(this.#register), value, value);
    block.effect([total], ([register]) => register !== undefined && this.#w.asm.vector("vmovups", this.#w.register(this.#register), register));
  }

  #write(block: Block, free: readonly number[]): void {
    block.write(this.#w, free, () => {
      throw new Error("the registers of a reduction ran out");
    });
  }
}
