import type { BinaryCode, UnaryCode } from "@nn/wasm";
import type { ScalarCode } from "../emit/lanes.js";
import type { LibraryCode } from "../emit/program-code.js";
import type { LibraryPrimitive } from "../ir/program.js";
import type { PrimitiveOfKind } from "../ir/op-kinds.js";
import type { Passes } from "../passes/pass.js";
import type { Steps } from "../compile/steps.js";
import type { Threads } from "../runtime/threads.js";
import type { Diagnostics } from "./diagnostics.js";

/** What every feature carries: the name under which a compiler takes it. */
export interface Feature<N extends string> {
  readonly feature: N;
}

/** The feature that brings a library kernel. */
export interface KernelFeature<P extends LibraryPrimitive> extends LibraryCode<P>, Feature<P> {
  /** Passes over the graph that make such primitives cheaper, by name. */
  readonly passes?: Passes;
}

/** The features that bring library kernels. */
export type KernelFeatures = { readonly [P in LibraryPrimitive]?: KernelFeature<P> };

/** The feature that brings an elementary function: code for four float32 at once. */
export interface FunctionFeature<F extends PrimitiveOfKind<"function">> extends Feature<F> {
  readonly code: UnaryCode | BinaryCode;
}

/** The features that bring elementary functions. */
export type ElementaryFunctions = { readonly [F in PrimitiveOfKind<"function">]?: FunctionFeature<F> };

/** What a compiler can do beyond what every compiler can. */
export interface Features extends KernelFeatures, ElementaryFunctions {
  /** Computes what has no vector form one element at a time: float64, and remainders and powers of whole numbers. */
  readonly scalar?: ScalarCode & Feature<"scalar">;
  /** Runs programs on several threads. Default: one thread. */
  readonly threads?: Threads & Feature<"threads">;
  /** Runs several steps in one call: the option `steps`. */
  readonly steps?: Steps & Feature<"steps">;
  /** Lets compiled functions `explain` and `profile`, and checks the results of the stages. */
  readonly diagnostics?: Diagnostics & Feature<"diagnostics">;
}
