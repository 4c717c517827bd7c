import type { Tensor } from "@nn/tensor";
import { formatNumber } from "../numbers.js";

/** The most numbers of a vector that a picture shows. */
const longest = 4;

/** A value in a picture: a number, a short vector, or a shape. */
export function textOf(value: Tensor): string {
  if (value.size === 1) return formatNumber(value.item());
  if (value.shape.length === 1 && value.size <= longest) return `[${(value.toArray() as number[]).map(formatNumber).join(", ")}]`;
  return `${value.shape.join(" × ")} numbers`;
}

/** Widths of characters in em, where they are not those of digits. */
const widths: readonly (readonly [characters: RegExp, em: number])[] = [[/[.,:;'|il[\]() ]/, 0.32], [/[mwMW−+×÷=∏Σ]/, 0.8], [/\p{Script=Hangul}|\p{Script=Han}/u, 1]];

/** About how wide a text is, in pixels. */
export function widthOf(text: string, size: number): number {
  let em = 0;
  for (const character of text) em += widths.find(([characters]) => characters.test(character))?.[1] ?? 0.58;
  return Math.ceil(em * size);
}

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A coordinate with one decimal; more digits would be invisible. */
export const fixed = (value: number): string => String(Math.round(value * 10) / 10);
