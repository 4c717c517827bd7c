import type { DType } from "@nn/tensor";
import type { ElementwisePrimitive } from "@nn/compiler/target";
import type { Mem } from "../assembler/memory.js";
import type { Predicate, VectorWriter } from "../vectors/vector-writer.js";
import { Virtual, type Block } from "./block.js";

/** A vector in memory that an instruction can read by itself. */
export interface InMemory {
  readonly kind: "memory";
  /** The number in all lanes, if it is known. */
  readonly constant: number | undefined;
  /** The memory, when the instruction is written; may write instructions that compute its address. */
  memory(): Mem;
}

/** What an operation works on. */
export type Operand = Virtual | InMemory;

/** The instructions of the form "vector, vector, vector or memory" that operations use. */
type Binary = "vaddps" | "vsubps" | "vmulps" | "vdivps" | "vmaxps" | "vminps" | "vandps" | "vorps" | "vxorps";

/** Writes elementwise operations into a block. */
export class OperationWriter {
  readonly #block: Block;
  readonly #writer: VectorWriter;

  constructor(block: Block, writer: VectorWriter) {
    this.#block = block;
    this.#writer = writer;
  }

  /** The operand in a register. */
  inRegister(operand: Operand): Virtual {
    if (operand instanceof Virtual) return operand;
    return this.#block.compute([], (destination) => this.#writer.load(destination, operand.memory()));
  }

  /** A number in all lanes. */
  number(value: number): Operand {
    return { kind: "memory", memory: () => this.#writer.splat(value), constant: value };
  }

  /** The same bits in all lanes. */
  bits(bits: number): Operand {
    return { kind: "memory", constant: undefined, memory: () => this.#writer.splatBits(bits) };
  }

  binary(name: Binary, x: Operand, y: Operand): Virtual {
    const { asm } = this.#writer;
    const first = this.inRegister(x);
    if (!(y instanceof Virtual)) return this.#block.compute([first], (destination, [a]) => a !== undefined && asm.vector(name, destination, a, y.memory()));
    return this.#block.compute([first, y], (destination, [a, b]) => a !== undefined && b !== undefined && asm.vector(name, destination, a, b));
  }

  /** A binary operation whose operands may be exchanged: one in memory comes last. */
  commutative(name: Binary, x: Operand, y: Operand): Virtual {
    return x instanceof Virtual ? this.binary(name, x, y) : this.binary(name, y, x);
  }

  sqrt(x: Operand): Virtual {
    const source = this.inRegister(x);
    return this.#block.compute([source], (destination, [a]) => a !== undefined && this.#writer.asm.vector("vsqrtps", destination, a));
  }

  round(mode: 0 | 1 | 2 | 3, x: Operand): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.round(mode, destination, a));
  }

  toFloat(x: Operand): Virtual {
    return this.#block.compute([this.inRegister(x)], (destination, [a]) => a !== undefined && this.#writer.asm.vector("vcvtdq2ps", destination, a));
  }

  compare(predicate: Predicate, x: Operand, y: Operand): Virtual {
    const first = this.inRegister(x);
    if (!(y instanceof Virtual)) return this.#block.compute([first], (destination, [a]) => a !== undefined && this.#writer.compare(predicate, destination, a, y.memory()));
    return this.#block.compute([first, y], (destination, [a, b]) => a !== undefined && b !== undefined && this.#writer.compare(predicate, destination, a, b));
  }

  select(mask: Operand, x: Operand, y: Operand): Virtual {
    const sources = [mask, x, y].map((operand) => this.inRegister(operand));
    return this.#block.compute(sources, (destination, [m, a, b]) => m !== undefined && a !== undefined && b !== undefined && this.#writer.select(destination, m, a, b), true);
  }
}

type Operation = (o: OperationWriter, x: Operand, y: Operand, z: Operand) => Virtual;
type Operations = { readonly [P in ElementwisePrimitive]?: Operation };

const allBits = -1;
const signBit = -(2 ** 31);

/** The larger number: NaN if one is NaN, and 0 for 0 and −0. `vmaxps` gives its second operand if one is NaN or both are zeros. */
function maximum(o: OperationWriter, x: Operand, y: Operand): Virtual {
  const [constant, other] = x.constant === undefined ? [y, x] : [x, y];
  if (isPlain(constant.constant)) {
    const larger = o.binary("vmaxps", constant, other);
    // Adding 0 turns −0 into 0.
    return constant.constant === 0 ? o.binary("vaddps", larger, o.number(0)) : larger;
  }
  const [left, right] = [o.inRegister(x), o.inRegister(y)];
  const [one, two] = [o.binary("vmaxps", left, right), o.binary("vmaxps", right, left)];
  return o.binary("vsubps", o.binary("vorps", one, two), o.binary("vxorps", one, two));
}

/** The smaller number: NaN if one is NaN, and −0 for 0 and −0. */
function minimum(o: OperationWriter, x: Operand, y: Operand): Virtual {
  const [constant, other] = x.constant === undefined ? [y, x] : [x, y];
  if (isPlain(constant.constant)) return o.binary("vminps", constant, other);
  const [left, right] = [o.inRegister(x), o.inRegister(y)];
  return o.binary("vorps", o.binary("vminps", left, right), o.binary("vminps", right, left));
}

/** Whether the second operand is right where it equals this constant, or is NaN. */
function isPlain(constant: number | undefined): boolean {
  return constant !== undefined && !Number.isNaN(constant) && !Object.is(constant, -0);
}

function sign(o: OperationWriter, x: Operand): Virtual {
  const input = o.inRegister(x);
  const unit = o.binary("vorps", o.binary("vandps", input, o.bits(signBit)), o.number(1));
  const isSigned = o.binary("vorps", o.compare("less", input, o.number(0)), o.compare("less", o.number(0), input));
  return o.select(isSigned, unit, input);
}

const float32: Operations = {
  neg: (o, x) => o.commutative("vxorps", x, o.bits(signBit)),
  abs: (o, x) => o.commutative("vandps", x, o.bits(~signBit)),
  sign,
  floor: (o, x) => o.round(1, x),
  ceil: (o, x) => o.round(2, x),
  round: (o, x) => o.round(0, x),
  trunc: (o, x) => o.round(3, x),
  sqrt: (o, x) => o.sqrt(x),
  add: (o, x, y) => o.commutative("vaddps", x, y),
  sub: (o, x, y) => o.binary("vsubps", x, y),
  mul: (o, x, y) => o.commutative("vmulps", x, y),
  div: (o, x, y) => o.binary("vdivps", x, y),
  maximum,
  minimum,
  equal: (o, x, y) => o.compare("equal", x, y),
  less: (o, x, y) => o.compare("less", x, y),
  lessEqual: (o, x, y) => o.compare("lessEqual", x, y),
};

const bool: Operations = {
  logicalNot: (o, x) => o.commutative("vxorps", x, o.bits(allBits)),
  logicalAnd: (o, x, y) => o.commutative("vandps", x, y),
  logicalOr: (o, x, y) => o.commutative("vorps", x, y),
};

const operations: { readonly [D in DType]: Operations } = { float32, bool, int32: {}, float64: {} };

/** The operation of a primitive on operands of dtype `from`, if there is one. Booleans are masks: all bits of a lane or none. */
export function operationOf(primitive: ElementwisePrimitive, from: DType, to: DType): Operation | undefined {
  if (primitive === "select") return from === "float64" ? undefined : (o, mask, x, y) => o.select(mask, x, y);
  return primitive === "cast" ? castOf(from, to) : operations[from][primitive];
}

function castOf(from: DType, to: DType): Operation | undefined {
  if (from === to && from !== "float64") return (o, x) => o.inRegister(x);
  if (from === "float32" && to === "bool") return (o, x) => o.compare("unequal", x, o.number(0));
  if (from === "bool" && to === "float32") return (o, x) => o.commutative("vandps", x, o.number(1));
  if (from === "int32" && to === "float32") return (o, x) => o.toFloat(x);
  return undefined;
}
