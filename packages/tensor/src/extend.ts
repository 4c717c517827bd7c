/**
 * What you need besides `@nn/tensor` to write operations, layers, losses, optimizers and data sets: checks of arguments and options with the
 * errors of the library, shapes and dtypes, and the application of primitives.
 *
 * @packageDocumentation
 */
export { describeValue, messageOf } from "./arguments/describe.js";
export { isArgumentKind, requireKind } from "./arguments/kinds.js";
export type { ArgumentKind, KindOf } from "./arguments/kinds.js";
export { didYouMean } from "./arguments/nearest.js";
export { isPlainObject } from "./arguments/plain-object.js";
export { requireOptions } from "./arguments/options.js";
export type { OptionKinds } from "./arguments/options.js";
export { requireSynchronous } from "./arguments/synchronous.js";
export { escapeControls, quote } from "./arguments/quote.js";

export { bfloat16PanelColumns, roundToBfloat16 } from "./bfloat16.js";
export { allocate, bytesPerElement, dtypes, isFloat, promoteDTypes, requireDType } from "./dtype.js";
export { broadcastShapes, formatShape, normalizeAxes, normalizeAxis, requireShape, sameShape, sizeOf, stridesOf } from "./shape.js";
export { asTensor, castTo, promote, requireTensor, resultDType, scalar, toFloat } from "./operand.js";
export { standardize } from "./ops/normalization.js";
export type { Standardized } from "./ops/normalization.js";
export { paddingPerAxis, perAxis } from "./ops/spatial.js";
export { windowCount } from "./primitives/contraction.js";
export type { Padding } from "./primitives/attributes.js";
export { refuseWhere } from "./ops/refuse-where.js";

export { apply, guard } from "./interpreter/stack.js";
export type { GuardedValue } from "./interpreter/stack.js";
export { frozenIndices } from "./frozen.js";
export { bindGradients, isGradients } from "./gradients.js";
export { Printable } from "./printable.js";
export { currentScope, inScope, locate, locationOf, unlocatedMessage } from "./scope.js";
export type { Scope } from "./scope.js";
export { watchVariables } from "./variable.js";
export { tensorBuild } from "./build.js";
