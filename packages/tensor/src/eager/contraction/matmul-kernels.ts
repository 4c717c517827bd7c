import { MatmulKernels } from "@nn/wasm";

/** How large products of float32 matrices are computed eagerly: by WebAssembly with or without relaxed SIMD, or by plain loops. */
export type MatmulLevel = "relaxed-simd" | "simd" | "reference";

/** Made when first asked for, since compiling takes a moment; `null` where the engine has no vectors. */
let kernels: MatmulKernels | null | undefined;

/** The WebAssembly kernels of this process or page, if the engine can run them. */
function matmulKernels(): MatmulKernels | undefined {
  if (kernels === undefined) kernels = MatmulKernels.create() ?? null;
  return kernels ?? undefined;
}

/** Multiplications from which on WebAssembly computes products of float32. Smaller ones gain little, and are summed in float64 by loops. */
const threshold = 4096;

/** Elements of both operands and the product that fit a WebAssembly memory with room to spare. */
const limit = 2 ** 29;

/** The kernels for a product of float32, `[m, k] x [k, n]`, where they pay and the engine can run them. */
export function kernelsFor(m: number, n: number, k: number): MatmulKernels | undefined {
  return m * n * k < threshold || m * k + k * n + m * n > limit ? undefined : matmulKernels();
}

/**
 * How large products of float32 matrices are computed eagerly here. Small ones and other dtypes are always computed by
 * plain loops.
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
