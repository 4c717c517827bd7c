import { MatmulKernels } from "@nn/wasm";

/** How large products of float32 matrices are computed eagerly: by WebAssembly with or without relaxed SIMD, or by plain loops. */
export type MatmulLevel = "relaxed-simd" | "simd" | "reference";

/** The kernels, made on first use, because compiling takes a moment; `null` if the engine has no vectors. */
let kernels: MatmulKernels | null | undefined;

/** The WebAssembly kernels of this process or page, if the engine can run them. */
function matmulKernels(): MatmulKernels | undefined {
  if (kernels === undefined) kernels = MatmulKernels.create() ?? null;
  return kernels ?? undefined;
}

/** The fewest multiplications for which WebAssembly computes a product of float32. Smaller products gain little; loops sum them in float64. */
const threshold = 4096;

/** The most elements of both operands and the product: they fit a WebAssembly memory with room to spare. */
const limit = 2 ** 29;

/** The kernels for a product of float32, `[m, k] x [k, n]`, if they pay off and the engine can run them. */
export function kernelsFor(m: number, n: number, k: number): MatmulKernels | undefined {
  return m * n * k < threshold || m * k + k * n + m * n > limit ? undefined : matmulKernels();
}

/**
 * How this engine computes large products of float32 matrices in eager execution. Plain loops always compute small ones and those of
 * other dtypes.
 *
 * @example
 * ```ts
 * import { matmulLevel } from "@nn/tensor/interpreter";
 *
 * ["relaxed-simd", "simd", "reference"].includes(matmulLevel()); // => true
 * ```
 */
export function matmulLevel(): MatmulLevel {
  return matmulKernels()?.level ?? "reference";
}
