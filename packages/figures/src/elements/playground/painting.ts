import type { Shared } from "../../tasks/playground/address.js";
import type { PlaygroundView } from "../../tasks/playground/playground.js";
import { classCount, gridSide as side, outputCount, type OwnData } from "../../tasks/playground/settings.js";
import type { UnitPlace } from "./context.js";
import { canvasesOf, placeOf, unitField } from "./fields.js";
import { paintClasses, paintUnit, paintValues } from "./maps.js";
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

/** Paints all maps of the plane, and the points. */
export function paintPlane(root: ParentNode, view: PlaygroundView, shared: Shared, { palettes, unit, sketch }: Painted): void {
  const canvases = canvasesOf(root);
  const [answers] = canvases.get("answers") ?? [];
  // A network that was changed is shown when the worker has made it.
  if (answers === undefined || view.answers.length !== side * side * outputCount(shared)) return;
  const palette = palettes.at(answers);
  const classes = classCount(shared);
  for (const [name, values] of Object.entries(view.featureMaps)) {
    // Features lie between −6 and 6, or beyond.
    for (const canvas of canvases.get(`feature-${name}`) ?? []) paintUnit(canvas, { values: name.startsWith("sin") ? values : values.map((value) => value / 6), side }, palette, shared.discrete);
  }
  for (const [name, sameName] of canvases) {
    const place = placeOf(name);
    if (place !== undefined) for (const canvas of sameName) paintUnit(canvas, unitField(view, shared, place, side), palette, shared.discrete);
  }
  if (unit !== undefined) paintValues(answers, unitField(view, shared, unit, side), palette, shared.discrete);
  else if (classes > 2) paintClasses(answers, { values: view.answers, side }, classes, palette, shared.discrete);
  else paintValues(answers, unitField(view, shared, { layer: shared.layers.length, unit: 0 }, side), palette, shared.discrete);
  const [points] = canvases.get("points") ?? [];
  const examples = sketch === undefined ? { train: view.drawn.train, test: shared.showTest ? view.drawn.test : undefined } : { train: drawnFrom(sketch), test: undefined };
  if (points !== undefined) paintPoints(points, examples, palette, shared.problem === "regression");
}
