import { isFloat, type NumberFunction } from "@nn/tensor";
import type { FunctionHandle, ModuleBuilder } from "@nn/wasm";
import { valuesOf } from "../lower/group.js";
import { dtypeOfOperands, isScalarValue } from "../lower/one-by-one.js";
import { loopOf } from "../passes/plan.js";
import type { ElementwisePrimitive, Kernel } from "../program.js";

/** A function of one float64 or two that a program takes from JavaScript: the one with which eager execution computes the primitive. */
export interface ElementaryFunction {
  readonly primitive: ElementwisePrimitive;
  readonly operands: number;
  readonly compute: NumberFunction;
}

/** Elementary functions as kernels call them, with `x` and `y`. */
export type ElementaryCalls = ReadonlyMap<ElementwisePrimitive, FunctionHandle<Readonly<Record<string, "f64">>, "f64">>;

const importedFrom = "elementary";

/** The elementary functions that kernels need, since they compute elements one by one. */
export function elementaryFunctions(kernels: readonly Kernel[]): readonly ElementaryFunction[] {
  const functions = new Map<ElementwisePrimitive, ElementaryFunction>();
  for (const kernel of kernels) {
    const values = [...valuesOf(loopOf(kernel) ?? { stores: [] })];
    if (!values.some(isScalarValue)) continue;
    for (const value of values) {
      if (value.kind !== "apply" || value.ofNumbers === undefined) continue;
      const { dtype, primitive, inputs, ofNumbers: compute } = value;
      if (isFloat(dtypeOfOperands(dtype, inputs.map((input) => input.dtype)))) functions.set(primitive, { primitive, operands: inputs.length, compute });
    }
  }
  return [...functions.values()];
}

/** Declares the functions in a module, before it defines any. */
export function importElementary(module: ModuleBuilder, functions: readonly ElementaryFunction[]): ElementaryCalls {
  return new Map(functions.map(({ primitive, operands }) => {
    const params: Readonly<Record<string, "f64">> = operands === 1 ? { x: "f64" } : { x: "f64", y: "f64" };
    return [primitive, module.importFunction({ import: [importedFrom, primitive], params, result: "f64" })];
  }));
}

/** What an instance of such a module is given. */
export function elementaryImports(functions: readonly ElementaryFunction[]): WebAssembly.Imports {
  return { [importedFrom]: Object.fromEntries(functions.map(({ primitive, compute }) => [primitive, compute])) };
}
