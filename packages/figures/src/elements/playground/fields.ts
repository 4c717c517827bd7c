import type { Shared } from "../../tasks/playground/address.js";
import type { PlaygroundView } from "../../tasks/playground/playground.js";
import { classCount } from "../../tasks/playground/settings.js";
import type { UnitPlace } from "./context.js";
import { centred, type Field } from "./maps.js";

/** The canvases by what they show. A unit may be shown twice. */
export type Canvases = ReadonlyMap<string, readonly HTMLCanvasElement[]>;

/** Finds the canvases of the playground. */
export function canvasesOf(root: ParentNode): Canvases {
  const found = new Map<string, HTMLCanvasElement[]>();
  for (const canvas of root.querySelectorAll("canvas")) {
    const name = canvas.dataset["map"] ?? "";
    found.set(name, [...(found.get(name) ?? []), canvas]);
  }
  return found;
}

/** The unit that a canvas shows, `unit-<layer>-<unit>`. */
export function placeOf(name: string): UnitPlace | undefined {
  const [, layer, unit] = /^unit-(\d+)-(\d+)$/.exec(name) ?? [];
  return layer === undefined || unit === undefined ? undefined : { layer: Number(layer), unit: Number(unit) };
}

/** The values of one of several that lie one after the other. */
function fieldOf(values: Float32Array | undefined, at: number, side: number): Field {
  return { values: values?.subarray(at * side * side, (at + 1) * side * side) ?? new Float32Array(), side };
}

/** The values of one of several classes. */
const channelOf = (values: Float32Array, at: number, channels: number): Float32Array => Float32Array.from({ length: values.length / channels }, (_, point) => values[point * channels + at] ?? NaN);

/** The numbers of the view that the output of a unit is among. */
export const unitValues = ({ units, answers }: PlaygroundView, shared: Shared, { layer }: UnitPlace): Float32Array | undefined => (layer < shared.layers.length ? units[layer] : answers);

/** The output of a unit over the grid, or for one picture (`side` is 1): from −1 to 1 where it is a probability. */
export function unitField({ units, answers }: PlaygroundView, shared: Shared, { layer, unit }: UnitPlace, side: number): Field {
  if (layer < shared.layers.length) return fieldOf(units[layer], unit, side);
  const classes = classCount(shared);
  return { values: classes === 0 ? answers : centred(classes === 2 ? answers : channelOf(answers, unit, classes)), side };
}
