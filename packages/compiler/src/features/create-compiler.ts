import { UsageError } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { opKinds } from "../ir/op-kinds.js";
import { compileWith, type Compile } from "../compile/compile-with.js";
import type { Feature, Features } from "./feature.js";
import { targetOf } from "./target.js";

/**
 * Makes a compiler with only these features, so that a bundle holds no others. `compile` of `@nn/compiler` has all of them.
 *
 * Every compiler has elementwise arithmetic, reductions, movements and gathers. Features are: the library kernels for products,
 * convolutions, pooling (`windowSum`, `windowArgMax`), sorting, scans, scattering and random numbers; the elementary functions of
 * float32 (`exp`, `tanh`, …); `scalar` for what has no vector form, such as float64; `threads` to run programs on several threads;
 * `steps` to run several steps in one call; and `diagnostics` for `explain()` and `profile()`. Calling a compiled function that needs other features throws an error that names them.
 *
 * @throws UsageError if the features are not a record of features, each by its own name.
 *
 * @example
 * ```ts
 * import { tensor, type Tensor } from "@nn/tensor";
 * import { createCompiler, exp, matmul } from "@nn/compiler/features";
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
export function createCompiler(features: Features): Compile {
  if (typeof features !== "object" || features === null || Array.isArray(features)) {
    throw new UsageError(`createCompiler: the features are ${describeValue(features)}, expected them by name: createCompiler({ matmul, exp })`);
  }
  for (const [name, value] of Object.entries(features)) {
    const known = name in opKinds || name === "scalar" || name === "threads" || name === "steps" || name === "diagnostics";
    const { feature } = Object(value) as Partial<Feature<string>>;
    if (!known || (value !== undefined && feature !== name)) {
      const found = feature === undefined ? describeValue(value) : `the feature "${feature}"`;
      throw new UsageError(`createCompiler: ${known ? `${name} is ${found}, expected the feature` : `there is no feature "${name}"`}; import { ${known ? name : "matmul, exp"} } from "@nn/compiler/features"`);
    }
  }
  const target = targetOf(features);
  return (fn, options) => compileWith(target, fn, options);
}
