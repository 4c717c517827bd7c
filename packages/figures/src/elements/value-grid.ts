import { colourOf } from "./heat-map.js";

/** Paints rows of values from −1 (orange) over 0 (paper) to 1 (blue), one pixel each, from the top down. */
export function paintGrid(canvas: HTMLCanvasElement, rows: readonly (readonly number[])[]): void {
  const [columns, context] = [rows[0]?.length ?? 0, canvas.getContext("2d")];
  if (context === null || columns === 0) return;
  const style = getComputedStyle(canvas);
  const [zero, middle, one] = ["--nn-zero", "--nn-paper", "--nn-one"].map((name) => colourOf(style.getPropertyValue(name)));
  if (zero === undefined || middle === undefined || one === undefined) return;
  const image = context.createImageData(columns, rows.length);
  rows.forEach((row, top) => row.forEach((value, at) => {
    const target = value > 0 ? one : zero;
    const strength = Math.min(1, Math.abs(value));
    image.data.set([...middle.map((channel, index) => channel + ((target[index] ?? channel) - channel) * strength), 255], 4 * (top * columns + at));
  }));
  context.putImageData(image, 0, 0);
}
