import { UsageError } from "@nn/tensor";
import { topologicalOrder, type Graph } from "../ir/graph.js";
import { isKind } from "../ir/op-kinds.js";
import type { Passes } from "../passes/pass.js";
import type { KernelParts, Parts } from "./part.js";

/** The passes that the parts bring, by name. */
export function passesOf(parts: KernelParts): Passes {
  return Object.fromEntries(Object.values(parts).flatMap((part) => ("passes" in part ? Object.entries(part.passes) : [])));
}

/** @throws UsageError if the program needs parts that the compiler does not have. */
export function requireParts(graph: Graph, parts: Parts): void {
  const missing = new Set<string>();
  for (const node of topologicalOrder(graph)) {
    const needed = isKind(node, "library") || (isKind(node, "function") && node.type.dtype === "float32");
    if (needed && parts[node.primitive] === undefined) missing.add(node.primitive);
  }
  if (missing.size > 0) refuse([...missing]);
}

/** @throws UsageError if the compiler does not have the part. */
export function requirePart<P extends keyof Parts>(parts: Parts, name: P): NonNullable<Parts[P]> {
  return parts[name] ?? refuse([name]);
}

function refuse(names: readonly string[]): never {
  const list = names.join(", ");
  throw new UsageError(`createCompiler: add ${list}, which this function needs, to its parts: import { ${list} } from "@nn/compiler/parts"`);
}
