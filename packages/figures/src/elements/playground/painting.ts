import type { Shared } from "../../tasks/playground/address.js";
import type { PlaygroundView } from "../../tasks/playground/playground.js";
import { classCount, gridSide as side, outputCount, type OwnData } from "../../tasks/playground/settings.js";
import type { UnitPlace } from "./context.js";
import { canvasesOf, placeOf, unitField, unitValues, type Canvases } from "./fields.js";
import { paintClasses, paintUnit, paintValues } from "./maps.js";
import { drawnFrom } from "./own-points.js";
import type { Painter } from "./painter.js";
import type { Palette, Palettes } from "./palette.js";
import { paintPoints } from "./points.js";

interface Painted {
  readonly painter: Painter;
  readonly palettes: Palettes;
  /** The unit whose map is shown large. */
  readonly unit: UnitPlace | undefined;
  /** Points that are not learned yet, in place of the examples. */
  readonly sketch: OwnData | undefined;
}

/** Paints all maps of the plane, and the points. */
export function paintPlane(root: ParentNode, view: PlaygroundView, shared: Shared, painted: Painted): void {
  const canvases = canvasesOf(root);
  const [answers] = canvases.get("answers") ?? [];
  // A network that was changed is shown when the worker has made it.
  if (answers === undefined || view.answers.length !== side * side * outputCount(shared)) return;
  const palette = painted.palettes.at(answers);
  paintMaps(canvases, view, shared, painted.painter, palette);
  paintAnswers(answers, view, shared, painted, palette);
  const [points] = canvases.get("points") ?? [];
  if (points !== undefined) paintExamples(points, view, shared, painted, palette);
}

/** The small maps: of the features and of the units. */
function paintMaps(canvases: Canvases, view: PlaygroundView, shared: Shared, painter: Painter, palette: Palette): void {
  const { discrete } = shared;
  for (const [name, values] of Object.entries(view.featureMaps)) {
    // Features lie between −6 and 6, or beyond.
    const field = (): Float32Array => (name.startsWith("sin") ? values : values.map((value) => value / 6));
    for (const each of canvases.get(`feature-${name}`) ?? []) painter.paint(each, [name, values, palette, discrete], (canvas) => paintUnit(canvas, { values: field(), side }, palette, discrete));
  }
  for (const [name, sameName] of canvases) {
    const place = placeOf(name);
    if (place !== undefined) for (const each of sameName) painter.paint(each, [name, unitValues(view, shared, place), palette, discrete], (canvas) => paintUnit(canvas, unitField(view, shared, place, side), palette, discrete));
  }
}

/** The large map: the answers, or the output of a unit. */
function paintAnswers(answers: HTMLCanvasElement, view: PlaygroundView, shared: Shared, { painter, unit }: Painted, palette: Palette): void {
  const { discrete, layers } = shared;
  const classes = classCount(shared);
  const place = unit ?? { layer: layers.length, unit: 0 };
  painter.paint(answers, [unit?.layer, unit?.unit, unitValues(view, shared, place), classes, palette, discrete], (canvas) => {
    if (unit === undefined && classes > 2) paintClasses(canvas, { values: view.answers, side }, classes, palette, discrete);
    else paintValues(canvas, unitField(view, shared, place, side), palette, discrete);
  });
}

function paintExamples(points: HTMLCanvasElement, view: PlaygroundView, shared: Shared, { painter, sketch }: Painted, palette: Palette): void {
  const isRegression = shared.problem === "regression";
  const test = shared.showTest ? view.drawn.test : undefined;
  painter.paint(points, [sketch ?? view.drawn, sketch ?? test, isRegression, palette, points.clientWidth, devicePixelRatio], (canvas) =>
    paintPoints(canvas, sketch === undefined ? { train: view.drawn.train, test } : { train: drawnFrom(sketch), test: undefined }, palette, isRegression));
}
