export { WasmArgumentError } from "./arguments.js";
export type { ByteWriter } from "./assembler/byte-writer.js";
export type { CodeWriter, ModuleContext } from "./assembler/code-writer.js";
export type { Effects } from "./assembler/effects.js";
export { Expr, type Literal, type Operand, select } from "./assembler/expression.js";
export type {
  FunctionBuilder,
  ForRangeOptions,
  FunctionResult,
  Label,
} from "./assembler/function-builder.js";
export {
  type Arguments,
  call,
  type FunctionHandle,
  type ParameterLocals,
  type Parameters,
} from "./assembler/functions.js";
export type { MemoryAccess } from "./assembler/immediates.js";
export type { Immediate, Instruction, OperandTypes, ResultType } from "./assembler/instruction.js";
export type {
  EffectInstruction,
  InstructionName,
  InstructionTable,
  ValueInstruction,
} from "./assembler/instructions/table.js";
export {
  type FunctionDeclaration,
  type FunctionImport,
  type MemoryDeclaration,
  ModuleBuilder,
  type ModuleOptions,
} from "./assembler/module-builder.js";
export type { InstructionFunction, Namespace } from "./assembler/namespaces.js";
export {
  f32,
  f32x4,
  f64,
  f64x2,
  i16x8,
  i32,
  i32x4,
  i64,
  i64x2,
  i8x16,
  memory,
  v128,
  type VectorNamespace,
  type VectorShape,
} from "./assembler/operators.js";
export { AssemblerError, type Feature, type ValueType } from "./assembler/types.js";
export { type Local, type LocalScope, tee } from "./assembler/variables.js";
export {
  LinearMemory,
  type LinearMemoryOptions,
  MemoryError,
  MemoryExhaustedError,
  type MemoryStatistics,
} from "./memory/linear-memory.js";
export { multiplyAddIsFused, type WasmLevel, wasmLevel } from "./level.js";
export { type WasmFeatureLimits, type WasmFeatures, wasmFeatures, webAssemblyProblem } from "./detect-features.js";
export { mergeVectors } from "./merge-vectors.js";
export type { BinaryCode, MathCode, UnaryCode } from "./kernels/math/code.js";
export type { FinishedVector, Store as MatmulStore } from "./kernels/matmul/finish.js";
export { emitMatmul, type MatmulOptions, matmulScratchBytes, type MatrixLocation } from "./kernels/matmul/matmul.js";
export { mergeInPairs } from "./kernels/matmul/pairs.js";
export { MatmulKernels } from "./kernels/matmul/matmul-kernels.js";
export type { MatmulSizes } from "./kernels/matmul/plan.js";
export { type Barrier, defineBarrier, type BarrierState } from "./threads/barrier.js";
export type { ProgramImports } from "./threads/imports.js";
export { ThreadPoolError, ThreadTrapError } from "./threads/errors.js";
export { availableThreads } from "./threads/host.js";
export { ThreadPool, type ThreadPoolOptions, type ThreadPoolStatistics, type ThreadProgram } from "./threads/pool.js";
export { wasmBuild } from "./build.js";
