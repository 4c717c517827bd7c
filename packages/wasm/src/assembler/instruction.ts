import { type Feature, type ValueType, valueTypeCode } from "./types.js";

/**
 * What follows the opcode in the encoding.
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

/** Immediates, and the opcodes if they are not consecutive. */
export interface RowOptions extends Immediate {
  /**
   * Opcode of the first instruction. Default: the one after the last opcode of the row before. A prefixed opcode is written `0xpp_cccc`:
   * the prefix byte, then the code, which is encoded in LEB128.
   */
  readonly at?: number;
  /** The distance from the opcode of one name to that of the next. Default 1. */
  readonly step?: number;
  /** The distance from the opcodes of one namespace to those of the next. Default: the number of names. */
  readonly stride?: number;
}

/**
 * One row of the instruction table: instructions with one signature and consecutive opcodes. A row has all `names` of the first
 * namespace, then all of the next: `"f32x4 f64x2", "eq ne"` is `f32x4.eq`, `f32x4.ne`, `f64x2.eq`, `f64x2.ne`.
 *
 * A signature is written `"f32 f32 -> f32"`: the types of the operands, then the result or `void`.
 */
export type InstructionRow = readonly [
  namespaces: string,
  names: string,
  signature: string,
  options?: RowOptions,
];

/** The words of a text: `Word<"i32 f32">` is `"i32" | "f32"`. */
type Word<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Word<Rest> : Text;

/** Names of the instructions in a row: `"f32x4.add" | "f32x4.sub"`. */
export type NamesIn<Row extends InstructionRow> = `${Word<Row[0]>}.${Word<Row[1]>}`;

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

/** An instruction of the table, ready for emission. */
export interface Instruction {
  readonly name: string;
  /** The prefix byte; 0 if the opcode is a single byte. */
  readonly prefix: number;
  readonly code: number;
  readonly operands: readonly ValueType[];
  readonly result: ValueType | "void";
  readonly immediate: Immediate;
  readonly feature: Feature | undefined;
  /** Whether it needs a module that has a memory. */
  readonly usesMemory: boolean;
}

function isValueType(word: string | undefined): word is ValueType {
  return word !== undefined && Object.hasOwn(valueTypeCode, word);
}

function featureOf(prefix: number, code: number): Feature | undefined {
  if (prefix === 0xfd) return code >= 0x100 ? "relaxed-simd" : "simd";
  return prefix === 0xfe ? "threads" : undefined;
}

/** The instructions in rows of the table. */
export function parseRows(rows: readonly InstructionRow[]): Instruction[] {
  let next = 0;
  return rows.flatMap(([namespaces, names, signature, options = {}]) => {
    const types = signature.split(" ");
    const output = types.pop();
    const operands = types.filter(isValueType);
    const result = isValueType(output) ? output : "void";
    const usesMemory = options.align !== undefined || namespaces === "memory";
    const words = names.split(" ");
    const { at = next, step = 1, stride = words.length } = options;
    const prefix = at >>> 16;
    return namespaces.split(" ").flatMap((namespace, i) =>
      words.map((word, j) => {
        const opcode = at + i * stride + j * step;
        next = opcode + 1;
        const code = opcode & 0xffff;
        return { name: `${namespace}.${word}`, prefix, code, operands, result, immediate: options, feature: featureOf(prefix, code), usesMemory };
      }),
    );
  });
}
