export { isTensor } from "./brand.js";
export { allocate, bytesPerElement, dtypes, isFloat, promoteDTypes, requireDType } from "./dtype.js";
export type { ArrayOf, DType, FloatDType, TypedArray } from "./dtype.js";
export { ArgumentError, DTypeError, ShapeError, UsageError } from "./errors.js";
export {
  broadcastShapes, broadcastStrides, formatShape, normalizeAxes, normalizeAxis, requireShape, sameShape, sizeOf, stridesOf,
} from "./shape.js";
export type { Shape } from "./shape.js";
export type { DeferredStorage, Storage } from "./storage.js";
export { Tensor } from "./tensor.js";
export { Variable } from "./variable.js";
export type { VariableCell, VariableOptions } from "./variable.js";
export { asTensor, castTo, promote, requireTensor, resultDType, scalar, toFloat } from "./operand.js";
export type { Operand } from "./operand.js";

export { bind, currentInterpreter, eagerInterpreter, typeOf, withInterpreter } from "./interpreter.js";
export type { Application, Interpreter } from "./interpreter.js";
export { primitives } from "./primitives/table.js";
export type { ArityOf, AttributesOf, InputsOf, Primitive } from "./primitives/table.js";
export type { Arity, InputTuple, None, PrimitiveDefinition, TensorType } from "./primitives/definition.js";
export { windowCount } from "./primitives/contraction.js";
export type { ConvolutionAttributes, MatmulAttributes, Padding, WindowAttributes } from "./primitives/contraction.js";
export type { PadAttributes, SliceAttributes } from "./primitives/movement.js";
export type { AxisAttributes, ReductionAttributes } from "./primitives/reduction.js";
export { EagerInterpreter, kernels } from "./eager/interpreter.js";
export type { Kernel, Kernels, NdArray } from "./eager/kernel.js";

export {
  abs, add, ceil, clamp, div, floor, frac, lerp, maximum, minimum, mul, neg, pow, reciprocal, remainder, round, sign, square, sub, trunc,
} from "./ops/arithmetic.js";
export { cos, erf, erfc, erfInv, exp, expm1, log, log1p, rsqrt, sin, sqrt, tanh } from "./ops/elementary.js";
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./ops/comparison.js";
export { logicalAnd, logicalNot, logicalOr, logicalXor, maskedFill, where } from "./ops/logic.js";
export { logSoftmax, relu, sigmoid, softmax } from "./ops/activation.js";
export { argMax, argMin, max, mean, min, prod, sum } from "./ops/reduction.js";
export type { Axes, ReductionOptions } from "./ops/reduction.js";
export { linear, matmul } from "./ops/contraction.js";
export { cast } from "./ops/conversion.js";

export { full, fullLike, ones, onesLike, zeros, zerosLike, arange } from "./ops/creation.js";
export type { ArangeOptions, CreationOptions } from "./ops/creation.js";
export { tensor } from "./ops/from-values.js";
export type { NumericArray, TensorOptions, TensorValues } from "./ops/from-values.js";
export { host } from "./ops/host.js";
export type { HostOptions } from "./ops/host.js";
export { expand, flatten, flip, movedim, permute, reshape, rot90, squeeze, transpose, unflatten, unsqueeze } from "./ops/shape.js";
export { chunk, narrow, select, slice, split, tensorSplit, unbind } from "./ops/slicing.js";
export type { Index, Range } from "./ops/slicing.js";
export { concat, stack } from "./ops/joining.js";
export { pad } from "./ops/padding.js";
export type { PadOptions, PadWidth } from "./ops/padding.js";
export { gather, indexSelect } from "./ops/indexing.js";
export { scatterAdd } from "./ops/scattering.js";
export { item, read, toArray, toTypedArray } from "./ops/reading.js";
export type { NestedArray } from "./ops/reading.js";
export { normal, uniform } from "./random/distributions.js";
export type { NormalOptions, RandomOptions, UniformOptions } from "./random/distributions.js";
export { defaultGenerator, Generator, manualSeed } from "./random/generator.js";
export type { GeneratorState } from "./random/generator.js";
