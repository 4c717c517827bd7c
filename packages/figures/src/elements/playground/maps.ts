import { classPixel, divergingPixel, type Palette } from "./palette.js";

/** Values over the grid of the plane, from the lower left, row by row. */
export interface Field {
  readonly values: Float32Array;
  readonly side: number;
}

/** Paints pixels into a square canvas, from the bottom up. */
function paintSquare(canvas: HTMLCanvasElement, side: number, pixelAt: (column: number, row: number) => number): void {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < side; row++) {
    const start = (side - 1 - row) * side;
    for (let column = 0; column < side; column++) pixels[start + column] = pixelAt(column, row);
  }
  context.putImageData(image, 0, 0);
}

/** Paints the outputs of a unit: orange is −1 or less, blue 1 or more. */
export function paintUnit(canvas: HTMLCanvasElement, { values, side }: Field, palette: Palette, discrete = false): void {
  paintSquare(canvas, side, (column, row) => divergingPixel(palette, shown(values[row * side + column] ?? NaN, discrete)));
}

const shown = (value: number, discrete: boolean): number => (discrete ? (value >= 0 ? 1 : -1) : value);

/** How many pixels of the large plot lie between two values. */
const finer = 4;

/** Interpolates values between the points of a grid; `channel` of `channels` values at each point. */
function between(values: Float32Array, side: number, channels = 1): (column: number, row: number, channel?: number) => number {
  return (column, row, channel = 0) => {
    const [x, y] = [Math.min(side - 1, Math.max(0, (column + 0.5) / finer - 0.5)), Math.min(side - 1, Math.max(0, (row + 0.5) / finer - 0.5))];
    const [left, low] = [Math.min(side - 2, Math.floor(x)), Math.min(side - 2, Math.floor(y))];
    const at = (across: number, up: number): number => values[((low + up) * side + left + across) * channels + channel] ?? NaN;
    const [right, high] = [x - left, y - low];
    return (at(0, 0) * (1 - right) + at(1, 0) * right) * (1 - high) + (at(0, 1) * (1 - right) + at(1, 1) * right) * high;
  };
}

/** Paints values from −1 to 1 finely. */
export function paintValues(canvas: HTMLCanvasElement, { values, side }: Field, palette: Palette, discrete: boolean): void {
  const valueAt = between(values, side);
  paintSquare(canvas, side * finer, (column, row) => divergingPixel(palette, shown(valueAt(column, row), discrete)));
}

/** Paints the likeliest of several classes finely. */
export function paintClasses(canvas: HTMLCanvasElement, { values, side }: Field, classes: number, palette: Palette, discrete: boolean): void {
  const valueAt = between(values, side, classes);
  paintSquare(canvas, side * finer, (column, row) => {
    let [label, highest] = [0, -1];
    for (let each = 0; each < classes; each++) {
      const value = valueAt(column, row, each);
      if (value > highest) [label, highest] = [each, value];
    }
    return classPixel(palette, label, discrete ? 1 : highest);
  });
}

/** The probability of the second class as a value from −1 to 1. */
export const centred = (probabilities: Float32Array): Float32Array => probabilities.map((probability) => 2 * probability - 1);
