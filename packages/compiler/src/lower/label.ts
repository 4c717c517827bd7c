import type { Node } from "../ir/graph.js";
import { isKind } from "../ir/op-kinds.js";
import type { Buffer } from "../ir/program.js";
import type { BufferOf } from "./evaluate.js";
import { nodeOf, type Member, type Source } from "./member.js";

/** Beyond this many names the middle ones are counted instead of listed. */
const mostNames = 7;

/** What a loop kernel computes, for listings: the operations behind each result that it writes, in order, without movements. */
export function labelOf(members: readonly Member[], bufferOf: BufferOf, needed: ReadonlySet<Buffer>): string {
  const own = new Set(members.map(({ source }) => computed(source)));
  const written = members.filter(({ buffer }) => needed.has(buffer));
  const results = new Set(written.map(({ source }) => computed(source)));
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
  const names = written.map(({ source }) => {
    const node = nodeOf(source);
    const behind = node === undefined ? [] : node === computed(source) ? namesBehind(node) : namesOf(node);
    return shortened(behind) || plainName(source);
  });
  return names.join(" + ");
}

/** The node that a member computes, unless it only copies or fills. */
function computed(source: Source): Node | undefined {
  return "node" in source ? source.node : undefined;
}

/** The name of what is only moved, copied or filled in. */
function plainName(source: Source): string {
  if ("copyOf" in source) return "copy";
  return "fill" in source ? "fill" : movedName(source.node);
}

function movedName(node: Node): string {
  if (node.kind !== "primitive") return node.kind;
  const [input] = node.inputs;
  return isKind(node, "movement") && input?.kind === "primitive" ? movedName(input) : node.primitive;
}

function shortened(names: readonly string[]): string {
  if (names.length <= mostNames) return names.join(", ");
  return [...names.slice(0, 3), `… ${names.length - 6} more …`, ...names.slice(-3)].join(", ");
}
