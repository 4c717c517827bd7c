/**
 * What writers of layers, losses, optimizers and data sets need beside `@nn/tensor`: checks of arguments and options, in the words
 * and with the errors of the library.
 *
 * @packageDocumentation
 */
export { describeValue } from "./arguments/describe.js";
export { requireKind } from "./arguments/kinds.js";
export type { ArgumentKind, KindOf } from "./arguments/kinds.js";
export { didYouMean } from "./arguments/nearest.js";
export { requireOptions } from "./arguments/options.js";
export type { OptionKinds } from "./arguments/options.js";
export { escapeControls, quote } from "./arguments/quote.js";
export { frozenPlaces } from "./frozen.js";
export { indexFault } from "./primitives/index-report.js";
export type { IndexAttributes, IndexReport } from "./primitives/index-report.js";
export { noteWrite } from "./transaction.js";
export { Printable } from "./printable.js";
export { watchVariables } from "./variable.js";
export { refuseWhere } from "./ops/checked.js";
