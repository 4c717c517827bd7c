import type { BinaryCode, UnaryCode } from "@nn/wasm";
import type { OpaqueEmitter } from "../emit/opaque/emitter.js";
import type { LibraryKernel, LibraryPrimitive } from "../ir/program.js";
import type { PrimitiveOfKind } from "../ir/op-kinds.js";
import type { Passes } from "../passes/pass.js";
import type { Diagnostics } from "./diagnostics.js";
import type { OneByOne } from "./one-by-one.js";
import type { Threads } from "./threads.js";

/** The part for a primitive with a kernel of its own. */
export interface KernelPart<P extends LibraryPrimitive> {
  readonly emit: OpaqueEmitter<P>;
  /** Bytes of scratch memory that the kernel wants while a number of threads run it. Default: none. */
  scratchBytes?(kernel: LibraryKernel<P>, threads: number): number;
  /** Passes over the graph that make such primitives cheaper, by name. */
  readonly passes?: Passes;
}

/** The parts for primitives with kernels of their own. */
export type KernelParts = { readonly [P in LibraryPrimitive]?: KernelPart<P> };

/** The parts for elementary functions: code for four float32 at once. */
export type ElementaryFunctions = { readonly [F in PrimitiveOfKind<"function">]?: UnaryCode | BinaryCode };

/** What a compiler is put together from, besides what all of them have. */
export interface Parts extends KernelParts, ElementaryFunctions {
  /** Computes one element at a time what has no vector form: float64, whole numbers' remainders and powers. */
  readonly oneByOne?: OneByOne;
  /** Runs programs on several threads. Default: one thread. */
  readonly threads?: Threads;
  /** Lets compiled functions `explain` and `profile`, and checks the result of every pass. */
  readonly diagnostics?: Diagnostics;
}

/** Bytes of scratch memory that a kernel wants while `threads` threads run it. */
export function scratchBytes<P extends LibraryPrimitive>(parts: Parts, kernel: LibraryKernel<P>, threads: number): number {
  const kernels: KernelParts = parts;
  return kernels[kernel.primitive]?.scratchBytes?.(kernel, threads) ?? 0;
}
