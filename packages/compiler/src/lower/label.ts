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
  const listBehind = (node: Node, names: string[]): void => {
    seen.add(node);
    for (const input of node.inputs) list(input, names);
    if (isKind(node, "elementwise", "function", "reduction", "gather")) names.push(node.primitive);
  };
  const list = (node: Node, names: string[]): void => {
    const isElsewhere = results.has(node) || (bufferOf(node) !== undefined && !own.has(node));
    if (!isElsewhere && !seen.has(node)) listBehind(node, names);
  };
  const labelOfSource = (source: Source): string => {
    if ("fill" in source) return "fill";
    const names: string[] = [];
    if ("node" in source) listBehind(source.node, names);
    else list(source.copyOf, names);
    return shortened(names) || ("node" in source ? movedName(source.node) : "copy");
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
