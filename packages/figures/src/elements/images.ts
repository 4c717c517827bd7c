import { paint } from "./heat-map.js";

/** Paints square images side by side into a canvas, `columns` in a row, from the top left: ink is blue. */
export function paintImages(canvas: HTMLCanvasElement | null, images: readonly (readonly number[])[], columns: number): void {
  const side = Math.sqrt(images[0]?.length ?? 0);
  if (canvas === null || side === 0) return;
  const [width, height] = [columns * side, Math.ceil(images.length / columns) * side];
  const values = new Array<number>(width * height).fill(0.5);
  images.forEach((pixels, at) => {
    const [left, top] = [(at % columns) * side, Math.floor(at / columns) * side];
    pixels.forEach((ink, index) => {
      const row = top + Math.floor(index / side);
      values[(height - 1 - row) * width + left + (index % side)] = 0.5 + ink / 2;
    });
  });
  paint(canvas, values, width);
}
