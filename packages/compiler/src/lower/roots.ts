import { sizeOf, type Primitive } from "@nn/tensor";
import { rootsOf, topologicalOrder, usersOf, type Graph, type Node } from "../graph.js";
import { uniformValue } from "../passes/simplify.js";
import type { ElementwisePrimitive, OpaquePrimitive, ReductionKind } from "../program.js";
import { isOneByOne } from "./one-by-one.js";

/** How the compiler treats a primitive. */
export type Treatment =
  /** Computed element by element inside a loop. */
  | { readonly kind: "elementwise"; readonly primitive: ElementwisePrimitive }
  /** Costs nothing: only changes where a loop reads. */
  | { readonly kind: "movement" }
  /** Combines elements over axes of a loop. */
  | { readonly kind: "reduction"; readonly reduction: ReductionKind }
  /** A read at a computed place inside a loop. */
  | { readonly kind: "gather" }
  /** A number that is known or counted. */
  | { readonly kind: "source" }
  /** Written piece by piece into one buffer. */
  | { readonly kind: "assembly" }
  /** Filled by the host before the program runs. */
  | { readonly kind: "host" }
  /** Has a kernel of its own. */
  | { readonly kind: "opaque"; readonly primitive: OpaquePrimitive };

const elementwise = <P extends ElementwisePrimitive>(primitive: P): Treatment => ({ kind: "elementwise", primitive });
const reduction = (kind: ReductionKind): Treatment => ({ kind: "reduction", reduction: kind });
const opaque = (primitive: OpaquePrimitive): Treatment => ({ kind: "opaque", primitive });
const movement: Treatment = { kind: "movement" };

/** What the compiler does with each primitive. */
export const treatments: { readonly [P in Primitive]: Treatment } = {
  neg: elementwise("neg"), abs: elementwise("abs"), sign: elementwise("sign"), floor: elementwise("floor"), ceil: elementwise("ceil"),
  round: elementwise("round"), trunc: elementwise("trunc"), sqrt: elementwise("sqrt"), exp: elementwise("exp"), expm1: elementwise("expm1"),
  log: elementwise("log"), log1p: elementwise("log1p"), sin: elementwise("sin"), cos: elementwise("cos"), tanh: elementwise("tanh"),
  sigmoid: elementwise("sigmoid"), erf: elementwise("erf"), erfc: elementwise("erfc"), erfInv: elementwise("erfInv"),
  logicalNot: elementwise("logicalNot"), add: elementwise("add"), sub: elementwise("sub"), mul: elementwise("mul"), div: elementwise("div"),
  pow: elementwise("pow"), remainder: elementwise("remainder"), maximum: elementwise("maximum"), minimum: elementwise("minimum"),
  atan2: elementwise("atan2"), equal: elementwise("equal"), less: elementwise("less"), lessEqual: elementwise("lessEqual"),
  logicalAnd: elementwise("logicalAnd"), logicalOr: elementwise("logicalOr"), select: elementwise("select"), cast: elementwise("cast"),
  bitwiseAnd: elementwise("bitwiseAnd"), bitwiseOr: elementwise("bitwiseOr"), bitwiseXor: elementwise("bitwiseXor"),
  bitwiseLeftShift: elementwise("bitwiseLeftShift"), bitwiseRightShift: elementwise("bitwiseRightShift"),
  sum: reduction("sum"), prod: reduction("prod"), max: reduction("max"), min: reduction("min"), argMax: reduction("argMax"), argMin: reduction("argMin"),
  cumsum: opaque("cumsum"), cumprod: opaque("cumprod"), argSort: opaque("argSort"),
  matmul: opaque("matmul"), convolution: opaque("convolution"), windowSum: opaque("windowSum"), windowArgMax: opaque("windowArgMax"),
  gather: { kind: "gather" }, scatterAdd: opaque("scatterAdd"),
  reshape: movement, permute: movement, expand: movement, slice: movement, flip: movement,
  pad: { kind: "assembly" }, concat: { kind: "assembly" },
  full: { kind: "source" }, iota: { kind: "source" }, host: { kind: "host" }, randomBits: opaque("randomBits"),
};

/** The treatment of a node; inputs, constants and state are buffers and have none. */
export function treatmentOf(node: Node): Treatment | undefined {
  return node.kind === "primitive" ? treatments[node.primitive] : undefined;
}

/** The node whose elements, as they lie in memory, are those of `node`: a reshape only counts them otherwise. */
export function storedNode(node: Node): Node {
  const [source] = node.inputs;
  return node.kind === "primitive" && node.primitive === "reshape" && source !== undefined ? storedNode(source) : node;
}

/** What a kernel of its own reads from memory: its inputs, without the zeros that a scatter begins with. */
export function operandsOf(node: Node): readonly Node[] {
  const fromZero = node.kind === "primitive" && node.primitive === "scatterAdd" && Object.is(uniformValue(node.inputs[0]), 0);
  return fromZero ? node.inputs.slice(1) : node.inputs;
}

/** Costs of those primitives that take longer than an addition. */
const costs: { readonly [P in ElementwisePrimitive]?: number } = {
  exp: 12, expm1: 16, log: 14, log1p: 16, sin: 14, cos: 14, tanh: 16, sigmoid: 14, erf: 24, erfc: 30, erfInv: 40, pow: 40, atan2: 20, remainder: 10,
  div: 4, sqrt: 4,
};

/** What computing an element costs, in the time of an addition. */
export function costOf(primitive: ElementwisePrimitive): number {
  return costs[primitive] ?? 1;
}

/** Above this, computing a value again costs more than writing and reading it. */
const recomputeLimit = 8;

/** Elements from which on it pays to compute them in vectors, though it takes another kernel for what can only be computed one by one. */
const vectorsPay = 64;

function isScalarNode(node: Node): boolean {
  const treatment = treatmentOf(node);
  return isOneByOne(node.type.dtype, node.inputs.map(({ type }) => type.dtype), treatment?.kind === "elementwise" ? treatment.primitive : undefined);
}

/**
 * The nodes whose values are written to memory when each loop kernel computes only one: results, what kernels of their own
 * read and write, reductions, values that would be costly to compute once for each user, and what has no vector form but is used by
 * what has. The others are computed where they are used.
 */
export function chooseRoots(graph: Graph): Set<Node> {
  const order = topologicalOrder(graph);
  const users = usersOf(order);
  const roots = new Set<Node>(rootsOf(graph));
  const cost = new Map<Node, number>();
  for (const node of order) {
    const treatment = treatmentOf(node);
    if (treatment === undefined || treatment.kind === "host") continue;
    if (treatment.kind === "opaque" || treatment.kind === "assembly" || treatment.kind === "reduction") roots.add(node);
    if (treatment.kind === "opaque") operandsOf(node).forEach((input) => roots.add(storedNode(input)));
    if (treatment.kind === "gather" && node.inputs[0] !== undefined) roots.add(storedNode(node.inputs[0]));
    let total = treatment.kind === "elementwise" ? costOf(treatment.primitive) : treatment.kind === "gather" ? 4 : 0;
    for (const input of node.inputs) total += roots.has(input) ? 0 : (cost.get(input) ?? 0);
    const readers = users.get(node) ?? [];
    const repeated = readers.length > 1 || readers.some((user) => sizeOf(user.type.shape) > sizeOf(node.type.shape));
    if (total > recomputeLimit && repeated) roots.add(node);
    if (isScalarNode(node) && readers.some((user) => sizeOf(user.type.shape) >= vectorsPay && !isScalarNode(user))) roots.add(node);
    cost.set(node, total);
  }
  return roots;
}
