import { MatmulKernels } from "@nn/wasm";

/** How large products of float32 matrices are computed eagerly: by WebAssembly with or without relaxed SIMD, or by plain loops. */
export type MatmulLevel = "relaxed-simd" | "simd" | "reference";

/** Made when first asked for, since compiling takes a moment; `null` where the engine has no vectors. */
let kernels: MatmulKernels | null | undefined;

/** The WebAssembly kernels of this process or page, if the engine can run them. */
export function matmulKernels(): MatmulKernels | undefined {
  if (kernels === undefined) kernels = MatmulKernels.create() ?? null;
  return kernels ?? undefined;
}

/**
 * How large products of float32 matrices are computed eagerly here. Small ones, vectors and other dtypes are always computed by
 * plain loops.
 *
 * @example
 * ```ts
 * import { matmulLevel } from "@nn/tensor";
 *
 * ["relaxed-simd", "simd", "reference"].includes(matmulLevel()); // => true
 * ```
 */
export function matmulLevel(): MatmulLevel {
  return matmulKernels()?.level ?? "reference";
}
