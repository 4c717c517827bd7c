import { type Instruction, type NamesIn, parseRows, type ResultType } from "../instruction.js";
import { AssemblerError } from "../types.js";
import { atomicInstructions } from "./atomics.js";
import { memoryInstructions } from "./memory.js";
import { relaxedSimdInstructions } from "./relaxed-simd.js";
import { scalarInstructions } from "./scalar.js";
import { simdInstructions } from "./simd.js";

/**
 * Every plain instruction that can be emitted, under its name in the specification. The typed functions
 * (`f32x4.add`, `i32.load`, ...) and the tests are derived from it. To add an instruction, add its name to a row.
 * Control flow, locals, globals, calls and `select` are not in the table; they are methods of the builder.
 */
const table = [scalarInstructions, memoryInstructions, simdInstructions, relaxedSimdInstructions, atomicInstructions] as const;

type Row = (typeof table)[number][number];
type RowByName = { readonly [R in Row as NamesIn<R>]: R };

/** The row of every instruction, with signature and immediates, under the instruction's name. */
// An interface, because TypeScript computes its members once, and those of a type alias again for each use.
export interface InstructionTable extends RowByName {}

/** Name of an instruction as in the specification: `"f32x4.add"`. */
export type InstructionName = keyof InstructionTable;

/** Instructions with a result, which become expressions. */
export type ValueInstruction = {
  readonly [N in InstructionName]: ResultType<InstructionTable[N][2]> extends "void" ? never : N;
}[InstructionName];

/** Instructions without a result, which become statements of the builder. */
export type EffectInstruction = Exclude<InstructionName, ValueInstruction>;

// Each constant is made by one call, which bundlers drop if nothing uses it.
/** Every instruction, ready for emission, under its name. */
export const instructions = /* @__PURE__ */ parseTable();

/** The instructions without a result. */
export const effectInstructions = /* @__PURE__ */ withoutResult();

function parseTable(): ReadonlyMap<string, Instruction> {
  return new Map(table.flatMap(parseRows).map((each) => [each.name, each]));
}

function withoutResult(): readonly Instruction[] {
  return [...instructions.values()].filter(({ result }) => result === "void");
}

/** The instruction of that name, ready for emission. */
export function instruction(name: string): Instruction {
  const found = instructions.get(name);
  if (found === undefined) throw new AssemblerError(`there is no instruction ${name} in the instruction table`);
  return found;
}
