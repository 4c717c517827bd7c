import { flip, permute, reshape, transpose, zeros, type Shape, type Tensor } from "@nn/tensor";
import { apply, sizeOf } from "@nn/tensor/extend";
import type { Applied, GradientRules } from "./rule.js";
import { adjointWindow, kernelWindow, trim } from "./sliding.js";

/** `[O, C / groups, …]` as `[C, O / groups, …]`: what went from inputs to outputs goes from outputs to inputs, in each group. */
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

/** The gradient slides over the flipped weight: a convolution whose strides and input dilation are exchanged. */
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

/** The gradient is the kernel that slides over the input, with the batch in the place of the channels. */
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
  /** Y = A·B: dA = G·Bᵀ, dB = Aᵀ·G; of transposed operands the same transposed, without moving an element. */
  matmul: ({ definition, inputs: [a, b], attributes: { transposeA, transposeB } }) => {
    const product = (x: Tensor, transposeX: boolean, y: Tensor, transposeY: boolean): Tensor =>
      apply(definition, [x, y], { transposeA: transposeX, transposeB: transposeY });
    return [
      (gradient) => (transposeA ? product(b, transposeB, gradient, true) : product(gradient, false, b, !transposeB)),
      (gradient) => (transposeB ? product(gradient, true, a, transposeA) : product(a, !transposeA, gradient, false)),
    ];
  },
  // What is taken apart here does not hold on to the output.
  convolution: ({ definition, inputs, attributes }) => [
    (gradient) => gradientOfInput({ definition, inputs, attributes }, gradient),
    (gradient) => gradientOfWeight({ definition, inputs, attributes }, gradient),
  ],
  /** Each element adds to every window that it lies in: the windows of the gradient, with strides and dilation exchanged. */
  windowSum: ({ definition, inputs: [{ shape, dtype }], attributes }) => [
    (gradient) => {
      if (sizeOf(shape) === 0) return zeros(shape, { dtype });
      const { padding, starts } = adjointWindow(shape.slice(2), spatial(gradient), attributes);
      const { strides, inputDilation } = attributes;
      return trim(apply(definition, [gradient], { ...attributes, strides: inputDilation, padding, inputDilation: strides }), starts, shape.slice(2));
    },
  ],
  windowArgMax: "not differentiable",
} satisfies GradientRules;
