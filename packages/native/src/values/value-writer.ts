import { childrenOf, dtypeOfOperands, type Value } from "@nn/compiler/target";
import type { VectorWriter } from "../vectors/vector-writer.js";
import type { Block } from "./block.js";
import { Virtual } from "./steps.js";
import { OperationWriter, type Operand, type Operation } from "./operation-writer.js";
import { operationOf } from "./operations.js";

type Application = Value & { readonly kind: "apply" };

/** Whether there is code for a value, given code for the leaves that `isLeaf` accepts; without faults. */
export function isSupported(value: Value, isLeaf: (value: Value) => boolean): boolean {
  const seen = new Set<Value>();
  const visit = (each: Value): boolean => {
    if (seen.has(each)) return true;
    seen.add(each);
    if (each.kind === "constant") return each.dtype !== "float64";
    if (each.kind !== "apply") return isLeaf(each);
    return each.fault === undefined && isSupportedApplication(each) && each.inputs.every(visit);
  };
  return visit(value);
}

/** Whether there is code for an operation, given code for its operands. It checks nothing. */
export function isSupportedApplication(value: Application): boolean {
  return operationFor(value) !== undefined;
}

function operationFor({ primitive, dtype, inputs }: Application): Operation | undefined {
  return operationOf(primitive, dtypeOfOperands(dtype, inputs.map((input) => input.dtype)), dtype);
}

/** Gives the operand of a value that the block does not compute by an operation; `undefined` for others. `operandOf` gives those of the values that it is computed from. */
type LeafOf = (value: Value, operandOf: (value: Value) => Operand) => Operand | undefined;

/** Writes values into a block. */
export class ValueWriter {
  readonly #operations: OperationWriter;
  readonly #leaf: LeafOf;
  readonly #known = new Map<Value, Operand>();
  readonly #uses = new Map<Value, number>();

  constructor(block: Block, writer: VectorWriter, roots: readonly Value[], leaf: LeafOf) {
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
    const leaf = this.#leaf(value, (each) => this.#operand(each));
    if (leaf !== undefined) return leaf;
    if (value.kind === "constant") return this.#constant(value);
    if (value.kind !== "apply") throw new Error(`there is no code for a value of the kind ${value.kind}`);
    const chosen = this.#choice(value);
    if (chosen !== undefined) return chosen;
    const operation = operationFor(value);
    const [x, y, z] = value.inputs.map((input) => this.#operand(input));
    if (operation === undefined || x === undefined) throw new Error(`there is no code for ${value.primitive} of ${value.dtype}`);
    return operation(this.#operations, x, y ?? x, z ?? x);
  }

  /** A choice by a comparison of numbers that nothing else needs: its lanes never become a vector. */
  #choice({ primitive, dtype, inputs: [condition, x, y] }: Application): Virtual | undefined {
    if (primitive !== "select" || dtype === "float64" || condition?.kind !== "apply" || x === undefined || y === undefined || this.#known.has(condition) || (this.#uses.get(condition) ?? 0) > 1) return undefined;
    const [left, right] = condition.inputs;
    const { primitive: predicate } = condition;
    if (left?.dtype !== "float32" || right === undefined || (predicate !== "less" && predicate !== "lessEqual" && predicate !== "equal")) return undefined;
    const leaf = this.#leaf(condition, (each) => this.#operand(each));
    if (leaf !== undefined) {
      this.#known.set(condition, leaf);
      return undefined;
    }
    return this.#operations.choose(predicate, this.#operand(left), this.#operand(right), this.#operand(x), this.#operand(y));
  }

  #constant({ dtype, value }: Value & { readonly kind: "constant" }): Operand {
    if (dtype === "float32") return this.#operations.number(value);
    return this.#operations.bits(dtype === "bool" ? -Number(value !== 0) : value);
  }
}
