import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { opKinds } from "../ir/op-kinds.js";
import { compileWith, type Compile } from "../compile/compile-with.js";
import type { Parts } from "./part.js";

/**
 * A compiler of only these parts: where size counts, a bundle then holds no others. `compile` of `@nn/compiler` has all.
 *
 * Every compiler has elementwise arithmetic, reductions, movements and gathers. Products, convolutions, pooling (`windowSum`,
 * `windowArgMax`), sorting, scans, scattering and random numbers have kernels of their own, and elementary functions of float32 (`exp`,
 * `tanh`, …) code of their own: each is a part. `oneByOne` computes what has no vector form, such as float64. `threads` runs programs
 * on several threads, and `diagnostics` brings `explain()` and `profile()`. A function that needs a part which is not there is refused when
 * it is called, with the names of all that it needs.
 *
 * @throws UsageError if there is no record of parts.
 *
 * @example
 * ```ts
 * import { tensor, type Tensor } from "@nn/tensor";
 * import { createCompiler, exp, matmul } from "@nn/compiler/parts";
 *
 * const compile = createCompiler({ exp, matmul });
 *
 * const step = compile((x: Tensor, y: Tensor) => x.matmul(y).exp());
 * step(tensor([[0, 1]]), tensor([[3], [0]])).item(); // => 1
 *
 * const wave = compile((x: Tensor) => x.tanh());
 * wave(tensor([1, 2])); // throws: createCompiler: add tanh
 * ```
 */
export function createCompiler(parts: Parts): Compile {
  if (typeof parts !== "object" || parts === null || Array.isArray(parts)) {
    throw new UsageError(`createCompiler: the parts are ${describeValue(parts)}, expected them by name: createCompiler({ matmul, exp })`);
  }
  for (const [name, part] of Object.entries(parts)) {
    const known = name in opKinds || name === "oneByOne" || name === "threads" || name === "diagnostics";
    if (!known || (part !== undefined && typeof part !== "object" && typeof part !== "function")) {
      throw new UsageError(`createCompiler: ${known ? `${name} is ${describeValue(part)}, expected the part` : `there is no part "${name}"`}; import { ${known ? name : "matmul, exp"} } from "@nn/compiler/parts"`);
    }
  }
  return (fn, options) => compileWith(parts, fn, options);
}
