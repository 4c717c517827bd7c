import { isFloat } from "@nn/tensor/extend";
import type { ScalarFunction } from "@nn/tensor/interpreter";
import type { FunctionHandle, ModuleBuilder } from "@nn/wasm";
import { valuesOf, loopOf, type ElementwisePrimitive, type Kernel } from "../ir/program.js";
import { dtypeOfOperands, isScalarValue } from "../ir/vectorizable.js";

/** An elementary function as kernels call it, with `x` and `y`. */
type Handle = FunctionHandle<Readonly<Record<string, "f64">>, "f64">;

/** How kernels call elementary functions. */
export type ImportedCalls = ReadonlyMap<ElementwisePrimitive, Handle>;

/**
 * The elementary functions that a program calls in JavaScript: the ones that eager execution uses. Only the calling thread has
 * them, so only that thread can run the program.
 */
export interface ImportedFunctions {
  readonly primitives: readonly ElementwisePrimitive[];
  /** Declares them in a module that has defined no function yet. */
  declare(module: ModuleBuilder): ImportedCalls;
  /** The imports for an instance of that module. */
  readonly imports: WebAssembly.Imports;
}

interface Imported {
  readonly operands: number;
  readonly compute: ScalarFunction;
}

const moduleName = "elementary";

/** The functions that scalar kernels call, if there are any. */
export function importedFunctions(kernels: readonly Kernel[]): ImportedFunctions | undefined {
  const functions = new Map<ElementwisePrimitive, Imported>();
  for (const kernel of kernels) {
    const values = [...valuesOf(loopOf(kernel) ?? { stores: [] })];
    if (!values.some(isScalarValue)) continue;
    for (const value of values) {
      if (value.kind !== "apply" || value.scalarFunction === undefined) continue;
      const { dtype, primitive, inputs, scalarFunction: compute } = value;
      if (isFloat(dtypeOfOperands(dtype, inputs.map((input) => input.dtype)))) functions.set(primitive, { operands: inputs.length, compute });
    }
  }
  if (functions.size === 0) return undefined;
  return {
    primitives: [...functions.keys()],
    declare: (module) => new Map([...functions].map(([primitive, { operands }]) => [primitive, declare(module, primitive, operands)])),
    imports: importsOf([...functions].map(([primitive, { compute }]) => [primitive, compute])),
  };
}

/** The imports of a module that calls these functions. */
export function importsOf(functions: readonly (readonly [ElementwisePrimitive, ScalarFunction])[]): WebAssembly.Imports {
  return { [moduleName]: Object.fromEntries(functions) };
}

function declare(module: ModuleBuilder, primitive: ElementwisePrimitive, operands: number): Handle {
  const params: Readonly<Record<string, "f64">> = operands === 1 ? { x: "f64" } : { x: "f64", y: "f64" };
  return module.importFunction({ import: [moduleName, primitive], params, result: "f64" });
}
