import type { ModuleBuilder } from "../../src/assembler/module-builder.js";

/** Functions of an instance by name; what they give is what JavaScript sees of a WebAssembly result. */
export type Exports = { readonly [name: string]: (...values: readonly (number | bigint)[]) => unknown };

/** Instantiates a module and takes its functions. */
export function instantiate(module: ModuleBuilder, imports: WebAssembly.Imports = {}): Exports {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), imports);
  return Object.fromEntries(
    Object.entries(exports).flatMap(([name, value]) =>
      typeof value === "function"
        ? [[name, (...values: readonly (number | bigint)[]): unknown => value(...values)]]
        : [],
    ),
  );
}
