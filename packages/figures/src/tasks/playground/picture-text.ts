import { limits, picturePixels } from "./choices.js";
import type { OwnData } from "./settings.js";

// Pictures in an address and in a program: the class, then a character for each three pixels, which have four levels.

export const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Levels of a pixel, from paper to ink. */
const levels = 4;
const places = [16, 4, 1] as const;
const characters = Math.ceil(picturePixels / places.length);

const levelOf = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * (levels - 1));

/** A picture with the levels that a text can hold. */
export const leveled = (pixels: readonly number[]): readonly number[] => pixels.map((value) => levelOf(value) / (levels - 1));

/** A picture as text. */
export function pictureText(pixels: readonly number[]): string {
  const three = (at: number): number => places.reduce((sum, place, index) => sum + place * levelOf(pixels[places.length * at + index] ?? 0), 0);
  return Array.from({ length: characters }, (_, at) => alphabet.charAt(three(at))).join("");
}

/** The picture that a text is of. */
function pictureOf(text: string): readonly number[] {
  const pixels = [...text].flatMap((character) => places.map((place) => (Math.floor(alphabet.indexOf(character) / place) % levels) / (levels - 1)));
  return pixels.slice(0, picturePixels);
}

/** Pictures with their classes as text. */
export function picturesText({ inputs, targets }: OwnData): string {
  return inputs.map((pixels, at) => `${targets[at] ?? 0}${pictureText(pixels)}`).join("");
}

/** The pictures that a text is of; `undefined` if it is of none. */
export function picturesOf(text: string): OwnData | undefined {
  const width = 1 + characters;
  const count = text.length / width;
  if (!Number.isInteger(count) || count < 4 || count > limits.pictures || !/^[\w-]+$/.test(text)) return undefined;
  const pieces = Array.from({ length: count }, (_, at) => text.slice(at * width, (at + 1) * width));
  const targets = pieces.map((piece) => Number(piece.charAt(0)));
  if (!targets.every((target) => Number.isInteger(target) && target < limits.classes)) return undefined;
  return { inputs: pieces.map((piece) => pictureOf(piece.slice(1))), targets };
}
