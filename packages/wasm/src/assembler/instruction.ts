import { type Feature, type ValueType, valueTypeCode } from "./types.js";

/**
 * What follows the opcode in the encoding, beside the operands.
 * - `align`: the instruction addresses memory; the value is its natural alignment in bytes.
 * - `lanes`: a lane index below this.
 * - `shuffle`: sixteen lane indices below 32.
 * - `literal`: a constant of the result type.
 * - `zeros`: this many reserved zero bytes (memory index 0).
 */
export interface Immediate {
  readonly align?: 1 | 2 | 4 | 8 | 16;
  readonly lanes?: 2 | 4 | 8 | 16;
  readonly shuffle?: true;
  readonly literal?: true;
  readonly zeros?: 1 | 2;
}

/**
 * One row of the instruction table: opcode, signature, immediates.
 *
 * A prefixed opcode is written `0xpp_cccc`: prefix byte, then the code that is encoded in LEB128.
 * A signature is `"f32 f32 -> f32"`: types of the operands from first to last, then the result or `void`.
 */
export type InstructionRow = readonly [opcode: number, signature: string, immediate?: Immediate];

type Words<Text extends string> = Text extends ""
  ? readonly []
  : Text extends `${infer Head extends ValueType} ${infer Rest}`
    ? readonly [Head, ...Words<Rest>]
    : Text extends ValueType
      ? readonly [Text]
      : never;

/** Operand types of a signature: `Operands<"i32 f32 -> void">` is `readonly ["i32", "f32"]`. */
export type OperandTypes<Signature extends string> = Signature extends `-> ${string}`
  ? readonly []
  : Signature extends `${infer Inputs} -> ${string}`
    ? Words<Inputs>
    : never;

/** Result type of a signature: `ResultType<"i32 f32 -> void">` is `"void"`. */
export type ResultType<Signature extends string> = Signature extends `${string}-> ${infer Result extends
  ValueType | "void"}`
  ? Result
  : never;

/** A row made ready for emission. */
export interface Instruction {
  readonly name: string;
  /** 0 where the opcode is a single byte. */
  readonly prefix: number;
  readonly code: number;
  readonly operands: readonly ValueType[];
  readonly result: ValueType | "void";
  readonly immediate: Immediate;
  readonly feature: Feature | undefined;
  /** log2 of the natural alignment of its memory access. */
  readonly alignLog2: number;
}

function isValueType(word: string | undefined): word is ValueType {
  return word !== undefined && Object.hasOwn(valueTypeCode, word);
}

function featureOf(prefix: number, code: number): Feature | undefined {
  if (prefix === 0xfd) return code >= 0x100 ? "relaxed-simd" : "simd";
  return prefix === 0xfe ? "threads" : undefined;
}

/** Reads one row of the table. */
export function parseInstruction(name: string, [opcode, signature, immediate = {}]: InstructionRow): Instruction {
  const words = signature.split(" ");
  const output = words.pop();
  words.pop(); // the arrow
  const prefix = opcode >>> 16;
  const code = opcode & 0xffff;
  return {
    name,
    prefix,
    code,
    operands: words.filter(isValueType),
    result: isValueType(output) ? output : "void",
    immediate,
    feature: featureOf(prefix, code),
    alignLog2: Math.log2(immediate.align ?? 1),
  };
}
