import { flip, permute, reshape, transpose, zeros, type Shape, type Tensor } from "@nn/tensor";
import { apply, sizeOf } from "@nn/tensor/extend";
import type { Applied, GradientRules } from "./rule.js";
import { adjointWindow, kernelWindow, trim } from "./sliding.js";

/** Exchanges the inputs and outputs of each group: `[O, C / groups, …]` becomes `[C, O / groups, …]`. */
function swapChannels(weight: Tensor, groups: number): Tensor {
  const [outputs = 0, perGroup = 0, ...kernel] = weight.shape;
  const grouped = reshape(weight, [groups, outputs / groups, perGroup, ...kernel]);
  return reshape(transpose(grouped, 1, 2), [groups * perGroup, outputs / groups, ...kernel]);
}

function spatial(x: Tensor): Shape {
  return x.shape.slice(2);
}

function spatialAxes(x: Tensor): number[] {
  return spatial(x).map((_, axis) => axis + 2);
}

type Convolved = Omit<Applied<"convolution">, "output">;

/** Convolves the gradient with the flipped weight, with strides and input dilation exchanged. */
function gradientOfInput({ definition, inputs: [x, weight], attributes }: Convolved, gradient: Tensor): Tensor {
  if (x.size === 0) return zeros(x.shape, { dtype: x.dtype });
  const { strides, inputDilation, kernelDilation, groups } = attributes;
  const { padding, starts } = adjointWindow(spatial(x), spatial(gradient), {
    ...attributes, window: spatial(weight), windowDilation: kernelDilation,
  });
  const flipped = swapChannels(flip(weight, spatialAxes(weight)), groups);
  const slid = apply(definition, [gradient, flipped], { strides: inputDilation, padding, inputDilation: strides, kernelDilation, groups });
  return trim(slid, starts, spatial(x));
}

/** Convolves the input with the gradient as the kernel. The batch takes the part of the channels. */
function gradientOfWeight({ definition, inputs: [x, weight], attributes }: Convolved, gradient: Tensor): Tensor {
  if (x.size === 0) return zeros(weight.shape, { dtype: weight.dtype });
  const { strides, inputDilation, kernelDilation, groups } = attributes;
  const [batch = 0, channels = 0] = x.shape;
  const perGroup = channels / groups;
  const grouped = reshape(x, [batch, groups, perGroup, ...spatial(x)]);
  const batchAsChannels = reshape(permute(grouped, [2, 1, 0, ...spatialAxes(x).map((axis) => axis + 1)]), [perGroup, groups * batch, ...spatial(x)]);
  const padding = kernelWindow(spatial(x), spatial(weight), spatial(gradient), attributes);
  const slid = apply(definition, [batchAsChannels, transpose(gradient, 0, 1)], {
    strides: kernelDilation, padding, inputDilation, kernelDilation: strides, groups,
  });
  return transpose(trim(slid, spatial(weight).map(() => 0), spatial(weight)), 0, 1);
}

/** Derivatives of the primitives that multiply and sum over shared axes, or slide a window. */
export const contractionRules = {
  /** Y = A·B: dA = G·Bᵀ, dB = Aᵀ·G. For transposed operands only the flags change; no element moves. */
  matmul: ({ definition, inputs: [a, b], attributes: { transposeA, transposeB } }) => {
    const product = (x: Tensor, transposeX: boolean, y: Tensor, transposeY: boolean): Tensor =>
      apply(definition, [x, y], { transposeA: transposeX, transposeB: transposeY });
    return [
      (gradient) => (transposeA ? product(b, transposeB, gradient, true) : product(gradient, false, b, !transposeB)),
      (gradient) => (transposeB ? product(gradient, true, a, transposeA) : product(a, !transposeA, gradient, false)),
    ];
  },
  // The parameters are destructured so that the closures do not keep the output alive.
  convolution: ({ definition, inputs, attributes }) => [
    (gradient) => gradientOfInput({ definition, inputs, attributes }, gradient),
    (gradient) => gradientOfWeight({ definition, inputs, attributes }, gradient),
  ],
  /** The gradient of an element is the sum over all windows that contain it: a window sum with strides and input dilation exchanged. */
  windowSum: ({ definition, inputs: [{ shape, dtype }], attributes }) => [
    (gradient) => {
      if (sizeOf(shape) === 0) return zeros(shape, { dtype });
      const { padding, starts } = adjointWindow(shape.slice(2), spatial(gradient), attributes);
      const { strides, inputDilation } = attributes;
      return trim(apply(definition, [gradient], { ...attributes, strides: inputDilation, padding, inputDilation: strides }), starts, shape.slice(2));
    },
  ],
  windowArgMax: "not differentiable",
  quantizedMatmul: "locally constant",
  bfloat16Matmul: "locally constant",
} satisfies GradientRules;
