import { bytesPerElement, sizeOf } from "@nn/tensor/extend";
import { at } from "./at.js";
import { loopOf, readsOf, valuesOf, writesOf, type Buffer, type ElementwisePrimitive, type Kernel, type LoopKernel } from "./program.js";

/** Primitives that cost as much as an addition. */
type CostsOne =
  | "neg" | "abs" | "sign" | "floor" | "ceil" | "round" | "trunc" | "add" | "sub" | "mul" | "maximum" | "minimum" | "equal" | "less" | "lessEqual"
  | "logicalNot" | "logicalAnd" | "logicalOr" | "select" | "cast"
  | "bitwiseAnd" | "bitwiseOr" | "bitwiseXor" | "bitwiseLeftShift" | "bitwiseRightShift";

/** The costs of all other primitives. A new primitive does not compile until it is listed here or in {@link CostsOne}. */
const costs: { readonly [P in Exclude<ElementwisePrimitive, CostsOne>]: number } = {
  exp: 12, expm1: 16, log: 14, log1p: 16, sin: 14, cos: 14, tanh: 16, sigmoid: 14, erf: 24, erfc: 30, erfInv: 40, pow: 40, atan2: 20, remainder: 10,
  div: 4, sqrt: 4,
};

/** The cost of computing one element, in units of an addition. */
export function elementCost(primitive: ElementwisePrimitive): number {
  const costly: { readonly [P in ElementwisePrimitive]?: number } = costs;
  return costly[primitive] ?? 1;
}

/** The floating-point operations of a kernel. A multiply-add counts as two, any elementwise operation as one. */
export function flopsOf(kernel: Kernel): number {
  return loopFlops(loopOf(kernel)) + libraryFlops(kernel);
}

function loopFlops(loop: LoopKernel | undefined): number {
  if (loop === undefined) return 0;
  return [...valuesOf(loop)].filter(({ kind }) => kind === "apply" || kind === "reduce").length * sizeOf(loop.domain);
}

function libraryFlops(kernel: Kernel): number {
  if (kernel.kind !== "library") return 0;
  const outputs = sizeOf(kernel.output.shape);
  if (kernel.primitive === "matmul") return 2 * outputs * at(kernel.inputs[0].shape, kernel.attributes.transposeA ? -2 : -1);
  if ("transposed" in kernel.attributes) return 2 * outputs * at(kernel.inputs[0].shape, kernel.attributes.transposed ? -2 : -1);
  if (kernel.primitive === "convolution") return 2 * outputs * sizeOf(kernel.inputs[1].shape.slice(1));
  if (kernel.primitive === "windowSum" || kernel.primitive === "windowArgMax") return outputs * sizeOf(kernel.attributes.window);
  const inputs: readonly Buffer[] = kernel.inputs;
  return sizeOf(at(inputs, 0).shape);
}

/** The bytes of all buffers that a kernel reads and writes, each counted once. */
export function bytesOf(kernel: Kernel): number {
  return [...new Set([...readsOf(kernel), ...writesOf(kernel)])].reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerElement[dtype], 0);
}
