import { Graph, layout as arrange } from "@dagrejs/dagre";
import type { ComputationalGraph, GraphEdge, GraphNode } from "../graph.js";
import { textOf, widthOf } from "./text.js";

/** Font sizes in pixels. */
export const sizes = { node: 15, edge: 13 };

/** The direction in which values flow in a picture. */
export type Direction = "right" | "down";

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** A line with its two texts: the value that flows forward, and the gradient that flows back. */
export interface PlacedEdge {
  /** `undefined` for the arrow that leaves the result. */
  readonly edge: GraphEdge | undefined;
  readonly value: string;
  readonly gradient: string;
  /** From the border of one node to that of the next, through the label. */
  readonly points: readonly Point[];
  readonly label: Box;
}

/** The positions of the nodes and lines of a graph. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly { readonly node: GraphNode; readonly box: Box }[];
  readonly edges: readonly PlacedEdge[];
}

const margin = 8;

/** Places a graph in layers, from the inputs to the result. */
export function place(graph: ComputationalGraph, direction: Direction): Placed {
  const dagre = new Graph({ multigraph: true });
  dagre.setGraph({ rankdir: direction === "right" ? "LR" : "TB", nodesep: 18, edgesep: 12, ranksep: direction === "right" ? 26 : 22, marginx: margin, marginy: margin });
  for (const node of graph.nodes) dagre.setNode(String(node.id), nodeSize(node));
  dagre.setNode("result", { width: 1, height: 1 });
  const texts = graph.edges.map((edge) => ({ edge, from: String(edge.from), to: String(edge.to), value: textOf(edge.value), gradient: textOf(edge.gradient) }));
  const end = graph.nodes[graph.output];
  const last = end === undefined ? [] : [{ edge: undefined, from: String(end.id), to: "result", value: textOf(end.value), gradient: textOf(end.gradient) }];
  const all = [...texts, ...last];
  for (const [at, each] of all.entries()) dagre.setEdge(each.from, each.to, { ...labelSize(each, direction), labelpos: "c" }, String(at));
  arrange(dagre);
  const boxOf = (id: string): Box => {
    const { x = 0, y = 0, width = 0, height = 0 } = dagre.node(id);
    return { x, y, width, height };
  };
  const edges = all.map(({ edge, from, to, value, gradient }, at) => {
    const { points = [], x = 0, y = 0, width = 0, height = 0 } = dagre.edge(from, to, String(at));
    return { edge, value, gradient, points: [side(boxOf(from), direction, 1), ...points.slice(1, -1), side(boxOf(to), direction, -1)], label: { x, y, width, height } };
  });
  const { width = 0, height = 0 } = dagre.graph();
  const placed = { width: Math.ceil(width), height: Math.ceil(height), nodes: graph.nodes.map((node) => ({ node, box: boxOf(String(node.id)) })), edges };
  const boxes = placed.nodes.filter(({ node }) => node.kind === "input").map(({ box }) => (direction === "right" ? box.y / height : box.x / width));
  return (boxes[0] ?? 0) > (boxes.at(-1) ?? 0) ? mirrored(placed, direction) : placed;
}

/** The same, so that the first input is at the top, or on the left. */
function mirrored({ width, height, nodes, edges }: Placed, direction: Direction): Placed {
  const flip = <P extends Point>(point: P): P => (direction === "right" ? { ...point, y: height - point.y } : { ...point, x: width - point.x });
  return {
    width, height,
    nodes: nodes.map(({ node, box }) => ({ node, box: flip(box) })),
    edges: edges.map((edge) => ({ ...edge, points: edge.points.map(flip), label: flip(edge.label) })),
  };
}

function nodeSize({ kind, label }: GraphNode): { width: number; height: number } {
  const text = widthOf(label, sizes.node);
  return { width: Math.max(kind === "input" ? 44 : 40, text + 22), height: kind === "input" ? 34 : 40 };
}

/** The texts lie on both sides of the line. */
function labelSize({ value, gradient }: { readonly value: string; readonly gradient: string }, direction: Direction): { width: number; height: number } {
  const [one, other] = [widthOf(value, sizes.edge), widthOf(gradient, sizes.edge)];
  return direction === "right" ? { width: Math.max(one, other) + 10, height: 2 * sizes.edge + 10 } : { width: 2 * Math.max(one, other) + 16, height: sizes.edge + 8 };
}

/** The middle of the side of a box that values leave (1) or enter (−1). */
function side({ x, y, width, height }: Box, direction: Direction, way: 1 | -1): Point {
  return direction === "right" ? { x: x + (way * width) / 2, y } : { x, y: y + (way * height) / 2 };
}
