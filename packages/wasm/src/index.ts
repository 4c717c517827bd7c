export type { CodeWriter } from "./assembler/code-writer.js";
export { Expr, type Literal, type Operand, select } from "./assembler/expression.js";
export {
  FunctionBuilder,
  type ForRangeOptions,
  type FunctionResult,
  type Label,
} from "./assembler/function-builder.js";
export {
  type Arguments,
  call,
  type FunctionHandle,
  type ParameterLocals,
  type Parameters,
} from "./assembler/functions.js";
export type { MemoryAccess } from "./assembler/immediates.js";
export type { InstructionName } from "./assembler/instructions/table.js";
export {
  type FunctionDeclaration,
  type FunctionImport,
  type GlobalDeclaration,
  type MemoryDeclaration,
  ModuleBuilder,
  type ModuleOptions,
} from "./assembler/module-builder.js";
export { f32, f32x4, f64, f64x2, i16x8, i32, i32x4, i64, i64x2, i8x16, memory, v128 } from "./assembler/operators.js";
export { AssemblerError, type Feature, type ValueType } from "./assembler/types.js";
export { type Global, type Local, tee } from "./assembler/variables.js";
export {
  LinearMemory,
  type LinearMemoryOptions,
  MemoryError,
  MemoryExhaustedError,
  type MemoryStatistics,
} from "./memory/linear-memory.js";
export { type WasmFeatureLimits, type WasmFeatures, wasmFeatures, type WasmLevel } from "./probe.js";
