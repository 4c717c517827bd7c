import type { Node } from "../ir/graph.js";
import { isKind } from "../ir/op-kinds.js";
import type { Buffer } from "../ir/program.js";
import type { BufferOf } from "./evaluate.js";
import type { Member, Source } from "./member.js";

/** Beyond this many names the middle ones are counted instead of listed. */
const mostNames = 7;

/** What a loop kernel computes, for listings: the operations behind each result that it writes, in order, without movements. */
export function labelOf(members: readonly Member[], bufferOf: BufferOf, needed: ReadonlySet<Buffer>): string {
  const computed = (each: readonly Member[]): Set<Node> => new Set(each.flatMap(({ source }) => ("node" in source ? [source.node] : [])));
  const own = computed(members);
  const written = members.filter(({ buffer }) => needed.has(buffer));
  const results = computed(written);
  const seen = new Set<Node>();
  const namesBehind = (node: Node): readonly string[] => {
    seen.add(node);
    const inputs = node.inputs.flatMap(namesOf);
    return isKind(node, "elementwise", "function", "reduction", "gather") ? [...inputs, node.primitive] : inputs;
  };
  const namesOf = (node: Node): readonly string[] => {
    const isElsewhere = results.has(node) || (bufferOf(node) !== undefined && !own.has(node));
    return isElsewhere || seen.has(node) ? [] : namesBehind(node);
  };
  const labelOfSource = (source: Source): string => {
    if ("fill" in source) return "fill";
    return "node" in source ? shortened(namesBehind(source.node)) || movedName(source.node) : shortened(namesOf(source.copyOf)) || "copy";
  };
  return written.map(({ source }) => labelOfSource(source)).join(" + ");
}

/** The name of the primitive behind a chain of movements. */
function movedName(node: Node): string {
  if (node.kind !== "primitive") return node.kind;
  const [input] = node.inputs;
  return isKind(node, "movement") && input?.kind === "primitive" ? movedName(input) : node.primitive;
}

function shortened(names: readonly string[]): string {
  if (names.length <= mostNames) return names.join(", ");
  return [...names.slice(0, 3), `… ${names.length - 6} more …`, ...names.slice(-3)].join(", ");
}
