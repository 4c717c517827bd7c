import { ArgumentError, gelu, relu, UsageError, type Tensor } from "@nn/tensor";
import { describeValue, didYouMean, requireKind, requireSynchronous, type OptionKinds } from "@nn/tensor/extend";
import { requireModules } from "../composition/modules.js";
import type { InitializerOptions } from "../initializers/initializer.js";
import type { Module, TensorModule } from "../module.js";
import { takeOptions } from "../options.js";
import type { RotaryPositionalEncoding } from "./rotary-positional-encoding.js";

/** The function between the two maps of the network at each step. */
export type TransformerActivation = "relu" | "gelu" | ((x: Tensor) => Tensor);

/** Options of `TransformerEncoderLayer` and `TransformerDecoderLayer`. */
export interface TransformerLayerOptions extends InitializerOptions {
  /** Features between the two maps of the network at each step; default 2048. */
  readonly feedForward?: number | undefined;
  /** Probability with which elements are dropped: attention weights, after each part, and within the network. Default 0.1. */
  readonly dropout?: number | undefined;
  /** Default `"relu"`. */
  readonly activation?: TransformerActivation | undefined;
  /** Whether the norms are at the inputs of the parts instead of after the sums; default false. */
  readonly normFirst?: boolean | undefined;
  /** Whether input and output are `[N, steps, features]` instead of `[steps, N, features]`; default false. */
  readonly batchFirst?: boolean | undefined;
  /** Whether there are biases; default true. */
  readonly bias?: boolean | undefined;
  /** Added to the variance in the norms; default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Rotary encoding of the positions of queries and keys in the self-attention; default none. */
  readonly rotary?: RotaryPositionalEncoding | undefined;
}

/** The options of both. */
export const layerOptions: OptionKinds<TransformerLayerOptions> = {
  feedForward: "count", dropout: "probability", activation: "any", normFirst: "boolean", batchFirst: "boolean", bias: "boolean", epsilon: "nonNegative", rotary: "any",
  dtype: ["float32", "float64"], generator: "any",
};

const activations = { relu: (x: Tensor) => relu(x), gelu: (x: Tensor) => gelu(x) } as const;

/** The function for its name. */
export function activationOf(operation: string, activation: TransformerActivation): (x: Tensor) => Tensor {
  if (typeof activation === "function") return (x) => requireSynchronous(operation, "activation", activation(x));
  if (!Object.hasOwn(activations, activation)) throw new ArgumentError(`${operation}: activation is ${describeValue(activation)}, expected "relu", "gelu" or a function${didYouMean(String(activation), Object.keys(activations))}`);
  return activations[activation];
}

/** Options of `TransformerEncoder` and `TransformerDecoder`. */
export interface TransformerStackOptions {
  /** Applied to the result, as pre-norm stacks need; default none. */
  readonly norm?: TensorModule | undefined;
}

const stackOptions: OptionKinds<TransformerStackOptions> = { norm: "any" };

/** Checks a stack of layers of one class and its options, and returns the options. */
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
