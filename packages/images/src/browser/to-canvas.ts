import { ArgumentError, UsageError, type Tensor } from "@nn/tensor";
import { describeValue } from "@nn/tensor/extend";
import { levelsOf } from "../levels.js";

/**
 * Shows an image on a canvas, which takes its size. Shapes: `[height, width]` or `[channels, height, width]` with 1 (grey), 3 (red, green, blue) or 4 channels (with
 * opacity); floats from 0 to 1, or int32 levels from 0 to 255.
 *
 * @example
 * ```ts no-run
 * import { toCanvas } from "@nn/images/browser";
 * import { uniform } from "@nn/tensor";
 *
 * const canvas = document.querySelector("canvas");
 * if (canvas !== null) toCanvas(uniform([3, 64, 64]), canvas);
 * ```
 * @throws ShapeError for another shape; ArgumentError for another canvas, or if a value is NaN.
 */
export function toCanvas(image: Tensor, canvas: HTMLCanvasElement | OffscreenCanvas): void {
  const { width, height, channels, data } = levelsOf("toCanvas", image);
  if (typeof canvas !== "object" || canvas === null || !("getContext" in canvas)) throw new ArgumentError(`toCanvas: canvas is ${describeValue(canvas)}, expected a canvas`);
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < Math.max(3, channels); channel++) pixels[4 * at + channel] = data[at * channels + (channels === 1 ? 0 : channel)] ?? 0;
  }
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (context === null) throw new UsageError("toCanvas: the canvas has a context of another kind already; use a canvas of its own");
  context.putImageData(new ImageData(pixels, width, height), 0, 0);
}
