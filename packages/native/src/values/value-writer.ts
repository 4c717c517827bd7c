import { childrenOf, type Value } from "@nn/compiler/target";
import type { VectorWriter } from "../vectors/vector-writer.js";
import { Virtual, type Block } from "./block.js";
import { OperationWriter, type Operand } from "./operation-writer.js";
import { operationOf } from "./operations.js";

/** The dtype that decides how a primitive computes: that of its last input, since the first input of a select is its condition. */
function dtypeOfOperands(value: Value & { readonly kind: "apply" }): Value["dtype"] {
  return value.inputs.at(-1)?.dtype ?? value.dtype;
}

/** Whether there is code for a value, given code for the leaves that `isLeaf` accepts. */
export function isSupported(value: Value, isLeaf: (value: Value) => boolean): boolean {
  const seen = new Set<Value>();
  const visit = (each: Value): boolean => {
    if (seen.has(each)) return true;
    seen.add(each);
    if (each.kind === "constant") return each.dtype !== "float64";
    if (each.kind !== "apply") return isLeaf(each);
    return each.fault === undefined && operationOf(each.primitive, dtypeOfOperands(each), each.dtype) !== undefined && each.inputs.every(visit);
  };
  return visit(value);
}

/** Writes values into a block. `leaf` gives what the block does not compute itself; `undefined` where it does. */
export class ValueWriter {
  readonly #operations: OperationWriter;
  readonly #leaf: (value: Value) => Operand | undefined;
  readonly #known = new Map<Value, Operand>();
  readonly #uses = new Map<Value, number>();

  constructor(block: Block, writer: VectorWriter, roots: readonly Value[], leaf: (value: Value) => Operand | undefined) {
    this.#operations = new OperationWriter(block, writer);
    this.#leaf = leaf;
    const count = (value: Value): void => {
      const uses = (this.#uses.get(value) ?? 0) + 1;
      this.#uses.set(value, uses);
      if (uses === 1) childrenOf(value).forEach(count);
    };
    roots.forEach(count);
  }

  inRegister(value: Value): Virtual {
    return this.#operations.inRegister(this.#operand(value));
  }

  #operand(value: Value): Operand {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const operand = this.#compute(value);
    // What is used again is kept in a register; a number is read again.
    const kept = operand instanceof Virtual || operand.constant !== undefined || (this.#uses.get(value) ?? 0) < 2 ? operand : this.#operations.inRegister(operand);
    this.#known.set(value, kept);
    return kept;
  }

  #compute(value: Value): Operand {
    const leaf = this.#leaf(value);
    if (leaf !== undefined) return leaf;
    if (value.kind === "constant") return this.#constant(value);
    if (value.kind !== "apply") throw new Error(`there is no code for a value of the kind ${value.kind}`);
    const operation = operationOf(value.primitive, dtypeOfOperands(value), value.dtype);
    const [x, y, z] = value.inputs.map((input) => this.#operand(input));
    if (operation === undefined || x === undefined) throw new Error(`there is no code for ${value.primitive} of ${value.dtype}`);
    return operation(this.#operations, x, y ?? x, z ?? x);
  }

  #constant({ dtype, value }: Value & { readonly kind: "constant" }): Operand {
    if (dtype === "float32") return this.#operations.number(value);
    return this.#operations.bits(dtype === "bool" ? -Number(value !== 0) : value);
  }
}
