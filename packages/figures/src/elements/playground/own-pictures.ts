import { pixelsOf, type PenPoint, type Stroke } from "../../tasks/drawing.js";
import { limits, picturePixels, pictureSide } from "../../tasks/playground/choices.js";
import { leveled } from "../../tasks/playground/picture-text.js";
import type { OwnData } from "../../tasks/playground/settings.js";

export const paper: readonly number[] = Array.from({ length: picturePixels }, () => 0);

export const isEmpty = (pixels: readonly number[]): boolean => pixels.every((value) => value === 0);

/** A picture with the ink of a straight stroke, or without it where it was. */
export function withStroke(pixels: readonly number[], from: PenPoint, to: PenPoint, erase: boolean): readonly number[] {
  const ink = pixelsOf([[from, to]], pictureSide);
  return leveled(pixels.map((value, at) => (erase ? Math.min(value, 1 - (ink[at] ?? 0)) : Math.max(value, ink[at] ?? 0))));
}

/** Examples with one more picture. */
export function withPicture({ inputs, targets }: OwnData, pixels: readonly number[], target: number): OwnData {
  return inputs.length >= limits.pictures ? { inputs, targets } : { inputs: [...inputs, pixels], targets: [...targets, target] };
}

/** Examples without one of them. */
export function withoutPicture({ inputs, targets }: OwnData, at: number): OwnData {
  return { inputs: inputs.filter((_, index) => index !== at), targets: targets.filter((_, index) => index !== at) };
}

const places = [[0.5, 0.5, 0.36], [0.46, 0.52, 0.3], [0.55, 0.47, 0.26], [0.52, 0.55, 0.33]] as const;

function ring(x: number, y: number, radius: number): readonly Stroke[] {
  return [Array.from({ length: 25 }, (_, at): PenPoint => [x + radius * Math.cos((2 * Math.PI * at) / 24), y + radius * Math.sin((2 * Math.PI * at) / 24)])];
}

function cross(x: number, y: number, radius: number): readonly Stroke[] {
  return [[[x - radius, y - radius], [x + radius, y + radius]], [[x - radius, y + radius], [x + radius, y - radius]]];
}

/** Rings and crosses, to begin with. */
export function firstPictures(): OwnData {
  const drawn = [ring, cross].flatMap((shape, target) => places.map(([x, y, radius]) => ({ pixels: leveled(pixelsOf(shape(x, y, radius), pictureSide)), target })));
  return { inputs: drawn.map(({ pixels }) => pixels), targets: drawn.map(({ target }) => target) };
}
