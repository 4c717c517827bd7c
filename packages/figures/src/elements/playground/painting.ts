import type { Shared } from "../../tasks/playground/address.js";
import type { PlaygroundView } from "../../tasks/playground/playground.js";
import { classCount, gridSide as side, outputCount, type OwnData } from "../../tasks/playground/settings.js";
import type { UnitPlace } from "./context.js";
import { centred, paintClasses, paintUnit, paintValues, type Field } from "./maps.js";
import { drawnFrom } from "./own-points.js";
import type { Palettes } from "./palette.js";
import { paintPoints } from "./points.js";

interface Painted {
  readonly palettes: Palettes;
  /** The unit whose map is shown large. */
  readonly unit: UnitPlace | undefined;
  /** Points that are not learned yet, in place of the examples. */
  readonly sketch: OwnData | undefined;
}

const canvasOf = (root: ParentNode, map: string): HTMLCanvasElement | undefined => {
  const found = root.querySelector(`[data-map="${map}"]`);
  return found instanceof HTMLCanvasElement ? found : undefined;
};

/** The values of one of several that lie one after the other. */
function fieldOf(values: Float32Array | undefined, at: number): Field {
  return { values: values?.subarray(at * side * side, (at + 1) * side * side) ?? new Float32Array(), side };
}

/** The values of one of several classes. */
const channelOf = (values: Float32Array, at: number, channels: number): Float32Array => Float32Array.from({ length: values.length / channels }, (_, point) => values[point * channels + at] ?? NaN);

/** The output of a unit over the grid, from −1 to 1 where it is a probability. */
function unitField({ units, answers }: PlaygroundView, shared: Shared, { layer, unit }: UnitPlace): Field {
  if (layer < shared.layers.length) return fieldOf(units[layer], unit);
  const classes = classCount(shared);
  return { values: classes === 0 ? answers : centred(classes === 2 ? answers : channelOf(answers, unit, classes)), side };
}

/** Paints all maps and points. */
export function paintAll(root: ParentNode, view: PlaygroundView, shared: Shared, { palettes, unit, sketch }: Painted): void {
  const answers = canvasOf(root, "answers");
  // A network that was changed is shown when the worker has made it.
  if (answers === undefined || view.answers.length !== side * side * outputCount(shared)) return;
  const palette = palettes.at(answers);
  const classes = classCount(shared);
  for (const [name, values] of Object.entries(view.featureMaps)) {
    const canvas = canvasOf(root, `feature-${name}`);
    // Features lie between −6 and 6, or beyond.
    if (canvas !== undefined) paintUnit(canvas, { values: name.startsWith("sin") ? values : values.map((value) => value / 6), side }, palette, shared.discrete);
  }
  for (const canvas of root.querySelectorAll("canvas[data-map^=unit-]")) {
    const [layer, at] = (canvas.getAttribute("data-map") ?? "").split("-").slice(1).map(Number);
    if (canvas instanceof HTMLCanvasElement && layer !== undefined && at !== undefined) paintUnit(canvas, unitField(view, shared, { layer, unit: at }), palette, shared.discrete);
  }
  if (unit !== undefined) paintValues(answers, unitField(view, shared, unit), palette, shared.discrete);
  else if (classes > 2) paintClasses(answers, { values: view.answers, side }, classes, palette, shared.discrete);
  else paintValues(answers, unitField(view, shared, { layer: shared.layers.length, unit: 0 }), palette, shared.discrete);
  const points = canvasOf(root, "points");
  const examples = sketch === undefined ? { train: view.drawn.train, test: shared.showTest ? view.drawn.test : undefined } : { train: drawnFrom(sketch), test: undefined };
  if (points !== undefined) paintPoints(points, examples, palette, shared.problem === "regression");
}
