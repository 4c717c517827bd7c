import { ArgumentError } from "@nn/tensor";
import { requireKind, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireGraph } from "../require-graph.js";
import type { ComputationalGraph } from "../graph.js";
import { place, sizes, type Direction, type Placed, type PlacedEdge } from "./layout.js";
import { revealed, stepsOf, type Revealed } from "./steps.js";
import { styleOf, type Theme } from "./style.js";
import { escaped, fixed, textOf, widthOf } from "./text.js";

export type { Direction, Theme };

/** Options of {@link drawGraph}. */
export interface DrawGraphOptions {
  /** The title that screen readers read; default "computational graph". */
  readonly title?: string | undefined;
  /** The direction in which values flow; default `"right"`. `"down"` suits narrow pages. */
  readonly direction?: Direction | undefined;
  /**
   * Colours for light pages, for dark pages, or for the setting of the reader's system (`"auto"`, the default). A page may set its own: `--nn-ink`,
   * `--nn-forward`, …
   */
  readonly theme?: Theme | undefined;
  /** Number of steps of the calculation to show, from 0 to `graphSteps(graph)`; default all. See {@link graphSteps}. */
  readonly step?: number | undefined;
  /** The words for values and gradients in the legend; default "value" and "gradient". */
  readonly words?: readonly [value: string, gradient: string] | undefined;
}

const drawGraphOptions: OptionKinds<DrawGraphOptions> = { title: "string", direction: ["right", "down"], theme: ["auto", "light", "dark"], step: "size", words: "list" };

/**
 * A computational graph as an SVG picture: above each line is the value that flows forward, below it the gradient that flows back. The picture loads
 * nothing, and is readable on light and dark pages. The group of a node has the attribute `data-node` with its id.
 *
 * @example
 * ```ts
 * import { drawGraph, explainGraph } from "@nn/explain";
 * const graph = explainGraph(({ x, y }) => x.mul(y).exp(), { x: 0.5, y: 2 });
 * drawGraph(graph).startsWith("<svg"); // => true
 * ```
 * @throws ArgumentError for a value that is not a graph, and for wrong options.
 */
export function drawGraph(graph: ComputationalGraph, options: DrawGraphOptions = {}): string {
  requireGraph("drawGraph", graph);
  requireOptions("drawGraph", options, drawGraphOptions);
  const { title = "computational graph", direction = "right", theme = "auto", step = stepsOf(graph), words = ["value", "gradient"] } = options;
  if (words.length !== 2) throw new ArgumentError(`drawGraph: words has ${words.length} ${words.length === 1 ? "entry" : "entries"}, expected two: for values and for gradients`);
  for (const word of words) requireKind("drawGraph", "a word of the key", word, "string");
  const placed = place(graph, direction);
  const shown = revealed(graph, step);
  const [width, height] = [Math.max(placed.width, keyWidth(words)), placed.height + 26];
  return `<svg xmlns="http://www.w3.org/2000/svg" class="nn-graph nn-graph-${theme}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="${sizes.edge}">
<style>${styleOf(theme)}</style>
<title>${escaped(title)}</title>
<desc>${escaped(inWords(graph, words))}</desc>
${[...placed.edges.map((edge) => drawEdge(edge, direction, shown)), ...placed.nodes.map((each) => drawNode(each, shown, words)), key(words, placed.height + 10)].join("\n")}
</svg>
`;
}

function inWords({ nodes }: ComputationalGraph, [value, gradient]: readonly [string, string]): string {
  return nodes.map((node) => `${node.label}: ${value} ${textOf(node.value)}, ${gradient} ${textOf(node.gradient)}`).join("; ");
}

function drawNode({ node, box }: Placed["nodes"][number], shown: Revealed, [value, gradient]: readonly [string, string]): string {
  const { x, y, width, height } = box;
  const parts = [`${value} ${textOf(node.value)}`, ...(shown.gradients.has(node.id) ? [`${gradient} ${textOf(node.gradient)}`] : [])];
  const state = shown.current === node.id ? ` current ${shown.isForward ? "forward" : "backward"}` : "";
  const tip = shown.values.has(node.id) ? `<title>${escaped(`${node.name}: ${parts.join(", ")}`)}</title>` : "";
  return `<g class="node ${node.kind}${state}" data-node="${node.id}">${tip}<rect x="${fixed(x - width / 2)}" y="${fixed(y - height / 2)}" width="${fixed(width)}" height="${fixed(height)}" rx="${node.kind === "input" ? 7 : fixed(height / 2)}"/><text x="${fixed(x)}" y="${fixed(y)}" font-size="${sizes.node}">${escaped(node.label)}</text></g>`;
}

function drawEdge({ edge, value, gradient, points, label }: PlacedEdge, direction: Direction, shown: Revealed): string {
  const { x, y } = label;
  const quarter = label.width / 4 + 2;
  const [above, below] = direction === "right" ? [{ x, y: y - sizes.edge / 2 - 3 }, { x, y: y + sizes.edge / 2 + 4 }] : [{ x: x - quarter, y }, { x: x + quarter, y }];
  const showsValue = shown.values.has(edge?.from ?? shown.output);
  const showsGradient = edge === undefined ? shown.gradients.has(shown.output) : shown.passed.has(edge.to);
  const text = (kind: string, at: { readonly x: number; readonly y: number }, content: string): string => `<text class="${kind}" x="${fixed(at.x)}" y="${fixed(at.y)}">${escaped(content)}</text>`;
  return [`<path class="line" d="${curve(points, label, direction)}"/>${head(points.at(-1), direction)}`, showsValue ? text("value", above, value) : "", showsGradient ? text("gradient", below, gradient) : ""].join("");
}

/** A smooth line through points, straight along the label. */
function curve(points: PlacedEdge["points"], label: PlacedEdge["label"], direction: Direction): string {
  const half = (direction === "right" ? label.width : label.height) / 2;
  const along = direction === "right" ? ({ x }: { readonly x: number }): number => x : ({ y }: { readonly y: number }): number => y;
  const isLabel = (point: PlacedEdge["points"][number]): boolean => Math.abs(along(point) - along(label)) < 0.5;
  const flat = points.flatMap((point) => (isLabel(point) ? [shifted(label, direction, -half), shifted(label, direction, half)] : Math.abs(along(point) - along(label)) < half ? [] : [point]));
  const [start, ...others] = flat;
  if (start === undefined) return "";
  let before = start;
  const pieces = others.map((point) => {
    const middle = (along(before) + along(point)) / 2;
    const bends = direction === "right" ? [middle, before.y, middle, point.y] : [before.x, middle, point.x, middle];
    before = point;
    return `C${[...bends, point.x, point.y].map(fixed).join(" ")}`;
  });
  return `M${fixed(start.x)} ${fixed(start.y)}${pieces.join("")}`;
}

const shifted = ({ x, y }: PlacedEdge["label"], direction: Direction, by: number): { readonly x: number; readonly y: number } => (direction === "right" ? { x: x + by, y } : { x, y: y + by });

function head(end: PlacedEdge["points"][number] | undefined, direction: Direction): string {
  if (end === undefined) return "";
  const { x, y } = end;
  return direction === "right" ? `<path class="head" d="M${fixed(x)} ${fixed(y)}l-7 -4v8z"/>` : `<path class="head" d="M${fixed(x)} ${fixed(y)}l-4 -7h8z"/>`;
}

const keyTexts = ([value, gradient]: readonly [string, string]): readonly [string, string] => [`${value} →`, `← ${gradient}`];

function keyWidth(words: readonly [string, string]): number {
  return keyTexts(words).reduce((sum, text) => sum + widthOf(text, 12) + 24, 0);
}

/** The legend of the two colours. */
function key(words: readonly [string, string], y: number): string {
  const [value, gradient] = keyTexts(words);
  const first = 12 + widthOf(value, 12) / 2;
  const second = 12 + widthOf(value, 12) + 18 + widthOf(gradient, 12) / 2;
  return `<text class="key value" x="${fixed(first)}" y="${y}">${escaped(value)}</text><text class="key gradient" x="${fixed(second)}" y="${y}">${escaped(gradient)}</text>`;
}
