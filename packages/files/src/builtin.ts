/**
 * Modules of Node that are loaded when they are needed, so that bundlers for browsers do not look for them.
 *
 * @packageDocumentation
 */

import { UsageError } from "@nn/tensor";
import type * as crypto from "node:crypto";
import type * as fs from "node:fs";
import type * as promises from "node:fs/promises";
import type * as os from "node:os";
import type * as path from "node:path";
import type * as process from "node:process";
import type * as threads from "node:worker_threads";
import type * as zlib from "node:zlib";

/** The modules of Node that {@link builtin} loads. */
export interface Builtins {
  readonly "node:crypto": typeof crypto;
  readonly "node:fs": typeof fs;
  readonly "node:fs/promises": typeof promises;
  readonly "node:os": typeof os;
  readonly "node:path": typeof path;
  readonly "node:process": typeof process;
  readonly "node:worker_threads": typeof threads;
  readonly "node:zlib": typeof zlib;
}

/**
 * Loads one of Node's own modules when it is first needed. So a package that uses it can be bundled for browsers, which have no such modules.
 * @throws UsageError if the host has no such module.
 */
export function builtin<Name extends keyof Builtins>(operation: string, name: Name): Builtins[Name] {
  const module = builtinIfAny(name);
  if (module === undefined) {
    throw new UsageError(`${operation}: files can be used in Node, Deno and Bun only; elsewhere use bytes, a Blob or a stream, such as (await fetch(url)).body`);
  }
  return module;
}

/** One of Node's own modules, undefined if the host has no such module. */
export function builtinIfAny<Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined {
  const host: { readonly process?: Partial<typeof globalThis.process> } = globalThis;
  return host.process?.getBuiltinModule?.(name);
}
