import { flip, permute, reshape, slice } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import * as primitives from "@nn/tensor/primitives";
import type { GradientRules } from "./rule.js";

/** Derivatives of the primitives that move elements: the gradient moves back. */
export const movementRules = {
  reshape: ({ inputs: [{ shape }] }) => [(gradient) => reshape(gradient, shape)],
  permute: ({ attributes: { permutation } }) => [
    (gradient) => permute(gradient, permutation.map((_, axis) => permutation.indexOf(axis))),
  ],
  /** The tape sums the gradients of repeated elements. */
  expand: () => [(gradient) => gradient],
  /** Elements that were left out (before, between and after) get zeros. */
  slice: ({ inputs: [{ shape }], attributes: { starts, steps } }) => [
    (gradient) => {
      const interior = steps.map((step) => step - 1);
      const reached = gradient.shape.map((length, axis) => (starts[axis] ?? 0) + length + Math.max(0, length - 1) * (interior[axis] ?? 0));
      const high = shape.map((length, axis) => length - (reached[axis] ?? 0));
      return apply(primitives.pad, [gradient], { low: starts, high, interior, value: 0 });
    },
  ],
  pad: ({ inputs: [{ shape }], attributes: { low, interior } }) => [
    (gradient) => {
      const steps = interior.map((count) => count + 1);
      const stops = shape.map((length, axis) => (low[axis] ?? 0) + (length === 0 ? 0 : (length - 1) * (steps[axis] ?? 1) + 1));
      return apply(primitives.slice, [gradient], { starts: low, stops, steps });
    },
  ],
  /** Each input takes its own part of the gradient. */
  concat: ({ inputs, attributes: { axis } }) => {
    let end = 0;
    return inputs.map(({ shape }) => {
      const start = end;
      end += shape[axis] ?? 0;
      const part = { start, stop: end };
      return (gradient) => slice(gradient, shape.map((_, at) => (at === axis ? part : null)));
    });
  },
  flip: ({ attributes: { axes } }) => [(gradient) => flip(gradient, axes)],
} satisfies GradientRules;
