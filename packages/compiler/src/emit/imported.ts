import { isFloat, type NumberFunction } from "@nn/tensor";
import type { FunctionHandle, ModuleBuilder } from "@nn/wasm";
import { valuesOf } from "../lower/group.js";
import { dtypeOfOperands, isScalarValue } from "../lower/one-by-one.js";
import { loopOf } from "../passes/plan.js";
import type { ElementwisePrimitive, Kernel } from "../program.js";

/** An elementary function that a program takes from JavaScript: the one with which eager execution computes the primitive. */
export interface ImportedFunction {
  readonly primitive: ElementwisePrimitive;
  readonly operands: number;
  readonly compute: NumberFunction;
}

/** Imported functions as kernels call them, with `x` and `y`. */
export type ImportedCalls = ReadonlyMap<ElementwisePrimitive, FunctionHandle<Readonly<Record<string, "f64">>, "f64">>;

const moduleName = "elementary";

/** The functions that kernels call because they compute elements one by one. */
export function importedFunctions(kernels: readonly Kernel[]): readonly ImportedFunction[] {
  const functions = new Map<ElementwisePrimitive, ImportedFunction>();
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

/** Declares functions in a module that has defined none yet. */
export function declareImports(module: ModuleBuilder, functions: readonly ImportedFunction[]): ImportedCalls {
  return new Map(functions.map(({ primitive, operands }) => {
    const params: Readonly<Record<string, "f64">> = operands === 1 ? { x: "f64" } : { x: "f64", y: "f64" };
    return [primitive, module.importFunction({ import: [moduleName, primitive], params, result: "f64" })];
  }));
}

/** What an instance of that module is given. */
export function importsOf(functions: readonly ImportedFunction[]): WebAssembly.Imports {
  return { [moduleName]: Object.fromEntries(functions.map(({ primitive, compute }) => [primitive, compute])) };
}
