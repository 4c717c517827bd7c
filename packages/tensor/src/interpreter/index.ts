/**
 * What writers of interpreters and of compilers' targets need beside `@nn/tensor` and `@nn/tensor/primitives`: the stack of interpreters,
 * and what primitives are made of.
 *
 * @packageDocumentation
 */
export { currentInterpreter, eagerInterpreter, withInterpreter } from "./stack.js";
export type { Application, GuardedValue, Interpreter } from "./stack.js";
export type { ArityOf, AttributesOf, DefinitionOf, InputsOf, Primitive } from "../primitives/table.js";
export type { Arity, InputTuple, None, NumberFunction, PrimitiveDefinition, TensorType } from "../primitives/definition.js";
export type { ConvolutionAttributes, MatmulAttributes, Padding, WindowAttributes } from "../primitives/contraction.js";
export type { HostAttributes } from "../primitives/source.js";
export type { PadAttributes, ReshapeAttributes, SliceAttributes } from "../primitives/movement.js";
export type { AxisAttributes, ReductionAttributes } from "../primitives/reduction.js";
export { indexFault } from "../primitives/index-report.js";
export type { IndexAttributes, IndexReport } from "../primitives/index-report.js";
export type { Kernel, NdArray } from "../eager/kernel.js";
export { broadcastStrides } from "../shape.js";
export type { DeferredStorage, Storage } from "../storage.js";
export { noteWrite } from "../transaction.js";
export type { VariableCell } from "../variable.js";
export { matmulLevel } from "../eager/contraction/matmul-kernels.js";
export type { MatmulLevel } from "../eager/contraction/matmul-kernels.js";
