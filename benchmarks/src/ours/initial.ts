import type { Module } from "@nn/layers";
import { zerosLike } from "@nn/tensor";
import type { Setting } from "../competitor/load.js";
import { floats } from "./prepare.js";

/**
 * Gives a model the parameters that all competitors use: kernels and matrices are uniform in ±√(6 / fan-in), in the order of their names; biases are 0; the
 * factors of norms stay 1.
 */
export function initialize<M extends Module>(model: M, { values }: Setting): M {
  const named = [...model.namedParameters()].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, parameter] of named) if (name.endsWith("bias")) parameter.value = zerosLike(parameter.value);
  for (const [at, [, parameter]] of named.filter(([, { shape }]) => shape.length > 1).entries()) {
    const { shape } = parameter;
    const size = shape.reduce((product, length) => product * length, 1);
    parameter.value = floats(values.uniform(size, 10 + at, Math.sqrt(6 / (size / (shape[0] ?? 1)))), shape);
  }
  return model;
}
