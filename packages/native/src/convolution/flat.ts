import { at } from "@nn/compiler/target";
import { lastAxis, type Geometry, type ImageLayout } from "./geometry.js";

/** A vector over the ends of lines: which lanes hold windows, and how many windows come before them. */
export interface FlatVector {
  readonly before: number;
  readonly lanes: readonly number[];
}

/** Whether the windows of neighbouring lines lie one line of the image apart, so that lines can be walked as one. */
export function hasFlatLines({ axes }: Geometry, { phases }: ImageLayout): boolean {
  return phases === 1 && at(axes, -1).stride === 1 && at(axes, -2).stride === 1;
}

/** The positions from the first window of the first line to the last window of the last one. Between lines there are positions without a window. */
export function flatLength(geometry: Geometry, { shape }: ImageLayout): number {
  return (at(geometry.axes, -2).windows - 1) * at(shape, -1) + lastAxis(geometry).windows;
}

/** The vectors of all lines, walked as one. */
export function flatVectors(geometry: Geometry, layout: ImageLayout, lanes: number): readonly FlatVector[] {
  const length = flatLength(geometry, layout);
  const { windows } = lastAxis(geometry);
  let before = 0;
  return Array.from({ length: Math.ceil(length / lanes) }, (_, vector) => {
    const own = Array.from({ length: lanes }, (_unused, lane) => lane).filter((lane) => vector * lanes + lane < length && (vector * lanes + lane) % at(layout.shape, -1) < windows);
    const result = { before, lanes: own };
    before += own.length;
    return result;
  });
}
