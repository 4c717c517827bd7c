import type { DrawnExamples } from "../../tasks/playground/examples.js";
import { range } from "../../tasks/playground/settings.js";
import type { Palette } from "./palette.js";

/** The shapes of classes, for readers who do not tell the colours apart. */
export const shapes = ["●", "■", "▲", "◆", "✚"] as const;

const radius = 4.2;

/** The outline of a class's shape around a place. */
function outline(context: CanvasRenderingContext2D, shape: number, x: number, y: number, size: number): void {
  context.beginPath();
  if (shape === 0) context.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape === 1) context.rect(x - size * 0.86, y - size * 0.86, size * 1.72, size * 1.72);
  else if (shape === 4) {
    const [arm, wide] = [size * 1.15, size * 0.45];
    for (const [across, up] of [[-wide, -arm], [wide, -arm], [wide, -wide], [arm, -wide], [arm, wide], [wide, wide], [wide, arm], [-wide, arm], [-wide, wide], [-arm, wide], [-arm, -wide], [-wide, -wide]] as const) context.lineTo(x + across, y + up);
  } else {
    const corners = shape === 2 ? [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]] as const : [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]] as const;
    for (const [across, up] of corners) context.lineTo(x + across * size, y + up * size);
  }
  context.closePath();
}

interface PointsStyle {
  readonly palette: Palette;
  /** Whether targets are values, which have shades, or classes, which have shapes. */
  readonly isRegression: boolean;
  /** Whether the points are those that the network is tested with. */
  readonly isTest: boolean;
}

/** Draws examples over the plot. Those for testing have a dark outline. */
function drawPoints(context: CanvasRenderingContext2D, { x, y, targets }: DrawnExamples, { palette, isRegression, isTest }: PointsStyle, side: number): void {
  const place = (value: number): number => ((value - range[0]) / (range[1] - range[0])) * side;
  context.lineWidth = isTest ? 1.4 : 1;
  context.strokeStyle = isTest ? palette.ink : palette.paper;
  x.forEach((across, at) => {
    const target = targets[at] ?? 0;
    context.fillStyle = isRegression ? shadeOf(palette, target) : (palette.names[target] ?? palette.ink);
    outline(context, isRegression ? 0 : target, place(across), side - place(y[at] ?? 0), radius);
    context.fill();
    context.stroke();
  });
}

function shadeOf({ names: [zero = "", one = ""], paper }: Palette, value: number): string {
  return `color-mix(in srgb, ${value < 0 ? zero : one} ${Math.round(Math.min(1, Math.abs(value)) * 100)}%, ${paper})`;
}

/** Draws the examples into a canvas of some size in pixels of the page. */
export function paintPoints(canvas: HTMLCanvasElement, { train, test }: { readonly train: DrawnExamples; readonly test: DrawnExamples | undefined }, palette: Palette, isRegression: boolean): void {
  const side = canvas.clientWidth;
  const density = Math.min(2, devicePixelRatio);
  const pixels = Math.round(side * density);
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, side, side);
  drawPoints(context, train, { palette, isRegression, isTest: false }, side);
  if (test !== undefined) drawPoints(context, test, { palette, isRegression, isTest: true }, side);
}
