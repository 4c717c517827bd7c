import { UsageError } from "@nn/tensor";
import type * as crypto from "node:crypto";
import type * as promises from "node:fs/promises";
import type * as path from "node:path";

interface Builtins {
  readonly "node:crypto": typeof crypto;
  readonly "node:fs/promises": typeof promises;
  readonly "node:path": typeof path;
}

/**
 * One of Node's own modules. It is asked for when a function that works with files is called, so that the package can be bundled
 * for browsers, which have no such modules, without further ado.
 * @throws UsageError where there is none.
 */
export function builtin<Name extends keyof Builtins>(operation: string, name: Name): Builtins[Name] {
  const host: { readonly process?: Partial<typeof globalThis.process> } = globalThis;
  const module = host.process?.getBuiltinModule?.(name);
  if (module === undefined) {
    throw new UsageError(`${operation}: files can be used in Node, Deno and Bun only; elsewhere use readSafetensors and writeSafetensors with bytes`);
  }
  return module;
}
