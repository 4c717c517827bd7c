import { classPixel, divergingPixel, type Palette } from "./palette.js";

/** Values over the grid of the plane, from the lower left, row by row. */
export interface Field {
  readonly values: Float32Array;
  readonly side: number;
}

/** Paints pixels into a square canvas, from the lower left, row by row. */
function paintSquare(canvas: HTMLCanvasElement, side: number, pixelAt: (at: number) => number): void {
  if (canvas.width !== side) canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(side, side);
  const pixels = new Uint32Array(image.data.buffer);
  for (let row = 0; row < side; row++) {
    const start = (side - 1 - row) * side;
    for (let column = 0; column < side; column++) pixels[start + column] = pixelAt(row * side + column);
  }
  context.putImageData(image, 0, 0);
}

/** Paints the outputs of a unit: orange is −1 or less, blue 1 or more. */
export function paintUnit(canvas: HTMLCanvasElement, { values, side }: Field, palette: Palette, discrete = false): void {
  paintSquare(canvas, side, (at) => divergingPixel(palette, shown(values[at] ?? NaN, discrete)));
}

/** Paints a square picture, row by row from the top left: ink is blue. */
export function paintPicture(canvas: HTMLCanvasElement, pixels: readonly number[], palette: Palette): void {
  const side = Math.sqrt(pixels.length);
  if (side === 0) return;
  paintSquare(canvas, side, (at) => divergingPixel(palette, pixels[(side - 1 - Math.floor(at / side)) * side + (at % side)] ?? NaN));
}

const shown = (value: number, discrete: boolean): number => (discrete ? (value >= 0 ? 1 : -1) : value);

/** How many pixels of the large plot lie between two values. */
const finer = 4;

/** Values between the points of a grid by bilinear interpolation, `finer` times as many along each side. */
function refined({ values, side }: Field, channels = 1, channel = 0): Field {
  const fine = side * finer;
  const result = new Float32Array(fine * fine);
  const [lower, shares] = [new Int32Array(fine), new Float32Array(fine)];
  for (let at = 0; at < fine; at++) {
    const place = Math.min(side - 1, Math.max(0, (at + 0.5) / finer - 0.5));
    const low = Math.min(side - 2, Math.floor(place));
    lower[at] = low;
    shares[at] = place - low;
  }
  for (let row = 0; row < fine; row++) {
    const [start, up] = [(lower[row] ?? 0) * side, shares[row] ?? 0];
    for (let column = 0; column < fine; column++) {
      const at = (start + (lower[column] ?? 0)) * channels + channel;
      const right = shares[column] ?? 0;
      const below = (values[at] ?? NaN) * (1 - right) + (values[at + channels] ?? NaN) * right;
      const above = (values[at + side * channels] ?? NaN) * (1 - right) + (values[at + (side + 1) * channels] ?? NaN) * right;
      result[row * fine + column] = below * (1 - up) + above * up;
    }
  }
  return { values: result, side: fine };
}

/** Paints values from −1 to 1 for a large plot. The browser makes the colours between the points of the grid; only edges of discrete values need more pixels. */
export function paintValues(canvas: HTMLCanvasElement, field: Field, palette: Palette, discrete: boolean): void {
  paintUnit(canvas, discrete ? refined(field) : field, palette, discrete);
}

/** Paints the likeliest of several classes finely. */
export function paintClasses(canvas: HTMLCanvasElement, field: Field, classes: number, palette: Palette, discrete: boolean): void {
  const likeliest = refined(field, classes);
  const labels = new Uint8Array(likeliest.values.length);
  for (let label = 1; label < classes; label++) {
    const { values } = refined(field, classes, label);
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? NaN;
      if (value <= (likeliest.values[at] ?? NaN)) continue;
      likeliest.values[at] = value;
      labels[at] = label;
    }
  }
  paintSquare(canvas, likeliest.side, (at) => classPixel(palette, labels[at] ?? 0, discrete ? 1 : (likeliest.values[at] ?? NaN)));
}

/** The probability of the second class as a value from −1 to 1. */
export const centred = (probabilities: Float32Array): Float32Array => probabilities.map((probability) => 2 * probability - 1);
