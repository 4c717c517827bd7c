import { UsageError } from "@nn/tensor";
import { describeValue, requireKind, type OptionKinds } from "@nn/tensor/extend";
import { requireModules } from "../composition/modules.js";
import type { Module } from "../module.js";
import { takeOptions } from "../options.js";
import type { TensorModule } from "../sequential.js";

/** Options of `TransformerEncoder` and `TransformerDecoder`. */
export interface TransformerStackOptions {
  /** Applied to the result, as pre-norm stacks need; default none. */
  readonly norm?: TensorModule | undefined;
}

const stackOptions: OptionKinds<TransformerStackOptions> = { norm: "any" };

/** Refuses what is no stack of layers of a class, and gives the options back. */
export function takeStack(
  operation: string, module: Module, layers: readonly Module[], of: abstract new (...given: never[]) => Module, options: TransformerStackOptions,
): TransformerStackOptions {
  requireKind(operation, "layers", layers, "list");
  for (const layer of layers) {
    if (!(layer instanceof of)) throw new UsageError(`${operation}: a layer is ${describeValue(layer)}, expected a ${of.name}`);
  }
  takeOptions(operation, module, options, stackOptions);
  if (options.norm !== undefined) requireModules(operation, [options.norm]);
  return options;
}
