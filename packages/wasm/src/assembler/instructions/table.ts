import { type Instruction, type InstructionRow, parseInstruction, type ResultType } from "../instruction.js";
import { AssemblerError } from "../types.js";
import { atomicInstructions } from "./atomics.js";
import { memoryInstructions } from "./memory.js";
import { relaxedSimdInstructions } from "./relaxed-simd.js";
import { scalarInstructions } from "./scalar.js";
import { simdInstructions } from "./simd.js";

/**
 * Every plain instruction that can be emitted, under its name in the specification. The typed functions
 * (`f32x4.add`, `i32.load`, ...) and the tests are derived from it: a new instruction is a new row.
 * Control flow, locals, globals, calls and `select` are not rows but methods of the builder.
 */
export const instructions = /* @__PURE__ */ (() =>
  ({
    ...scalarInstructions,
    ...memoryInstructions,
    ...simdInstructions,
    ...relaxedSimdInstructions,
    ...atomicInstructions,
  }) as const satisfies { readonly [name: string]: InstructionRow })();

/** Every instruction under its name, with opcode, signature and immediates. */
export type InstructionTable = typeof instructions;

/** Name of an instruction as in the specification: `"f32x4.add"`. */
export type InstructionName = keyof InstructionTable;

/** Instructions that leave a value: they become expressions. */
export type ValueInstruction = {
  readonly [N in InstructionName]: ResultType<InstructionTable[N][1]> extends "void" ? never : N;
}[InstructionName];

/** Instructions that leave nothing: they become statements of the builder. */
export type EffectInstruction = Exclude<InstructionName, ValueInstruction>;

// Each is made by one call that bundlers may drop when nothing uses it.
const rows = /* @__PURE__ */ parseAll();
const families = /* @__PURE__ */ familiesOf(() => true);
const effects = /* @__PURE__ */ familiesOf((row) => row.result === "void");

function parseAll(): ReadonlyMap<string, Instruction> {
  const parsed = new Map<string, Instruction>();
  for (const [name, row] of Object.entries<InstructionRow>(instructions)) parsed.set(name, parseInstruction(name, row));
  return parsed;
}

/** Rows by the first part of their name. */
function familiesOf(wanted: (row: Instruction) => boolean): ReadonlyMap<string, readonly Instruction[]> {
  const groups = new Map<string, Instruction[]>();
  for (const row of rows.values()) {
    if (!wanted(row)) continue;
    const prefix = row.name.slice(0, row.name.indexOf("."));
    const group = groups.get(prefix);
    if (group === undefined) groups.set(prefix, [row]);
    else group.push(row);
  }
  return groups;
}

/** The instructions `prefix.*`, ready for emission. */
export function instructionsOf(prefix: string): readonly Instruction[] {
  return families.get(prefix) ?? [];
}

/** Those of `instructionsOf(prefix)` that leave nothing. */
export function effectsOf(prefix: string): readonly Instruction[] {
  return effects.get(prefix) ?? [];
}

/** The row of that name, ready for emission. */
export function instruction(name: InstructionName): Instruction {
  const found = rows.get(name);
  if (found === undefined) throw new AssemblerError(`there is no instruction ${name} in the instruction table`);
  return found;
}
