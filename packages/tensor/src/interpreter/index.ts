/**
 * What you need besides `@nn/tensor` and `@nn/tensor/primitives` to write an interpreter or a target of a compiler: the stack of
 * interpreters, and the parts of primitives.
 *
 * @packageDocumentation
 */
export { currentInterpreter, eagerInterpreter, withInterpreter } from "./stack.js";
export type { Application, GuardedValue, Interpreter } from "./stack.js";
export type { ArityOf, AttributesOf, DefinitionOf, InputsOf, Primitive } from "../primitives/table.js";
export type { Arity, InputTuple, Kernel, NdArray, None, ScalarFunction, PrimitiveDefinition, TensorType } from "../primitives/definition.js";
export type {
  AxisAttributes, ConvolutionAttributes, ExpandAttributes, FullAttributes, HostCallbackAttributes, IndexAttributes, IndexReport, IotaAttributes, MatmulAttributes,
  PadAttributes, Padding, PermuteAttributes, RandomBitsAttributes, ReductionAttributes, RemainderAttributes, ReshapeAttributes, SliceAttributes, WindowAttributes,
} from "../primitives/attributes.js";
export { indexFault } from "../primitives/index-report.js";
export { broadcastStrides } from "../shape.js";
export type { DeferredStorage, Storage } from "../storage.js";
export { noteWrite } from "../transaction.js";
export type { VariableCell } from "../variable.js";
export { matmulLevel } from "../eager/contraction/matmul-level.js";
export type { MatmulLevel } from "../eager/contraction/matmul-level.js";
