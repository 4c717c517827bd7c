import { allFeatures, bfloat16Matmul, createCompiler, quantizedMatmul, type Compile } from "@nn/compiler/features";

/**
 * `compile` of `@nn/compiler` for quantized models: it also compiles products of whole numbers and of bfloat16. It is apart, so that pages without such models do not load their code.
 *
 * @example
 * ```ts
 * import { ones, type Tensor } from "@nn/tensor";
 * import { Linear, ReLU, Sequential } from "@nn/layers";
 * import { compile, quantize } from "@nn/quantize";
 *
 * const trained = new Sequential(new Linear(8, 4), new ReLU(), new Linear(4, 2)).eval();
 * const { model } = quantize(trained, [ones([2, 8])]);
 * const predict = compile((x: Tensor) => model.forward(x));
 * predict(ones([5, 8])).shape; // => [5, 2]
 * ```
 */
export const compile: Compile = /* @__PURE__ */ createCompiler({ ...allFeatures, quantizedMatmul, bfloat16Matmul });
