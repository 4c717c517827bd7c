import type { Node } from "../ir/graph.js";
import type { Buffer } from "../ir/program.js";
import { isKind } from "../ir/op-kinds.js";
import type { BufferOf, Member } from "./evaluate.js";

/** Names beyond this many are counted instead of listed. */
const mostNames = 7;

/** What a loop computes, as listings name it: the operations behind each result that is written, in their order, without those that cost nothing. */
export function labelOf(members: readonly Member[], bufferOf: BufferOf, needed: ReadonlySet<Buffer>): string {
  const own = new Set(members.map(({ node }) => node));
  const written = members.filter(({ buffer }) => needed.has(buffer));
  const results = new Set(written.map(({ node }) => node));
  const seen = new Set<Node>();
  const namesBehind = (node: Node): string[] => {
    seen.add(node);
    const inputs = node.inputs.flatMap((input) => {
      const elsewhere = results.has(input) || (bufferOf(input) !== undefined && !own.has(input));
      return elsewhere || seen.has(input) ? [] : namesBehind(input);
    });
    return isKind(node, "elementwise", "function", "reduction", "gather") ? [...inputs, node.primitive] : inputs;
  };
  return written.map(({ node }) => shortened(namesBehind(node)) || plainName(node)).join(" + ");
}

/** The name of what is only moved or filled in. */
function plainName(node: Node): string {
  if (node.kind !== "primitive") return node.kind;
  if (node.id < 0) return node.primitive === "full" ? "fill" : "copy";
  const [source] = node.inputs;
  return isKind(node, "movement") && source?.kind === "primitive" ? plainName(source) : node.primitive;
}

function shortened(names: readonly string[]): string {
  if (names.length <= mostNames) return names.join(", ");
  return [...names.slice(0, 3), `… ${names.length - 6} more …`, ...names.slice(-3)].join(", ");
}
