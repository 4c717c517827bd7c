import type { Shared } from "../../tasks/playground/address.js";
import type { PlaygroundView } from "../../tasks/playground/playground.js";
import { outputCount, type OwnData } from "../../tasks/playground/settings.js";
import { canvasesOf, placeOf, unitField } from "./fields.js";
import { paintPicture, paintUnit } from "./maps.js";
import type { Painter } from "./painter.js";
import type { Palettes } from "./palette.js";

interface PaintedPictures {
  readonly painter: Painter;
  readonly palettes: Palettes;
  /** The picture on the pad. */
  readonly pixels: readonly number[];
  readonly examples: OwnData;
}

/** Paints the pad, the examples, what the units of the first layer look for, and the answers of all others to the picture on the pad. */
export function paintPictures(root: ParentNode, view: PlaygroundView, shared: Shared, { painter, palettes, pixels, examples }: PaintedPictures): void {
  const canvases = canvasesOf(root);
  const [pad] = canvases.get("pad") ?? [];
  // A network that was changed is shown when the worker has made it.
  if (pad === undefined || view.answers.length !== outputCount(shared)) return;
  const palette = palettes.at(pad);
  const [first = []] = view.weights;
  const largest = first.reduce((most, row) => row.reduce((size, weight) => Math.max(size, Math.abs(weight)), most), 1e-6);
  const paintAll = (name: string, thing: unknown, paint: (canvas: HTMLCanvasElement) => void): void => {
    for (const canvas of canvases.get(name) ?? []) painter.paint(canvas, [name, thing, palette, shared.discrete], paint);
  };
  for (const name of canvases.keys()) {
    const place = placeOf(name);
    if (name === "pad" || name === "feature-pixels") paintAll(name, pixels, (canvas) => paintPicture(canvas, pixels, palette));
    else if (name.startsWith("example-")) {
      const example = examples.inputs[Number(name.slice("example-".length))] ?? [];
      paintAll(name, example, (canvas) => paintPicture(canvas, example, palette));
    } else if (place?.layer === 0) paintAll(name, view.weights, (canvas) => paintPicture(canvas, (first[place.unit] ?? []).map((weight) => weight / largest), palette));
    else if (place !== undefined) paintAll(name, view.answers, (canvas) => paintUnit(canvas, unitField(view, shared, place, 1), palette, shared.discrete));
  }
}

