import { UsageError } from "@nn/tensor";

/**
 * One of Node's own modules. It is asked for when a function that works with files is called, so that the package can be bundled
 * for browsers, which have no such modules, without further ado.
 * @throws UsageError where there is none.
 */
export function builtin<Name extends keyof Builtins>(operation: string, name: Name): Builtins[Name] {
  const host: { readonly process?: Partial<typeof globalThis.process> } = globalThis;
  const module = host.process?.getBuiltinModule?.(name);
  if (module === undefined) {
    throw new UsageError(`${operation}: files can be used in Node, Deno and Bun only; elsewhere read from bytes, a Blob or a stream, such as (await fetch(url)).body`);
  }
  return module;
}

interface Builtins {
  readonly "node:crypto": typeof import("node:crypto");
  readonly "node:fs": typeof import("node:fs");
  readonly "node:fs/promises": typeof import("node:fs/promises");
  readonly "node:os": typeof import("node:os");
  readonly "node:path": typeof import("node:path");
  readonly "node:process": typeof import("node:process");
}
