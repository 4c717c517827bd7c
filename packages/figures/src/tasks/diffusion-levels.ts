import { Generator, normal, type Tensor } from "@nn/tensor";
import { shapes, type ShapeName } from "./shapes.js";

export const diffusionShapes = ["moons", "ring", "spiral"] as const satisfies readonly ShapeName[];
export type DiffusionShape = (typeof diffusionShapes)[number];

/** Levels of noise: level 0 is the data, the last one is noise alone. */
export const levels = 40;

/** The variance that each level adds, from the first level to the last (Ho et al. 2020): little at first, so that details are seen. */
export const betas: readonly number[] = Array.from({ length: levels }, (_, at) => 1e-4 + 0.37 * (at / (levels - 1)) ** 2);

/** The remaining fraction of the data's variance after each level; 1 at level 0. */
export const signals: readonly number[] = Array.from({ length: levels + 1 }, (_, level) => betas.slice(0, level).reduce((left, beta) => left * (1 - beta), 1));

/** Number of points that a figure shows. */
export const shownPoints = 300;

/** The points of a shape that a figure shows, `[300, 2]`, and the noise that is mixed into them. */
export function shownShape(shape: DiffusionShape): { readonly points: Tensor; readonly noise: Tensor } {
  const generator = new Generator(1);
  return { points: shapes[shape](shownPoints, generator), noise: normal([shownPoints, 2], { generator }) };
}

/** Points at a level of noise: `√ᾱ x + √(1 − ᾱ) ε`. */
export const mixed = (points: Tensor, noise: Tensor, level: number): Tensor => {
  const signal = signals[level] ?? NaN;
  return points.mul(Math.sqrt(signal)).add(noise.mul(Math.sqrt(1 - signal)));
};

/** The part of the plane that figures show, along both axes: noise reaches farther than the data. */
export const diffusionRange = [-2.6, 2.6] as const;

/** Arrows along one axis of the plane. */
export const arrowSide = 13;

/** Where the arrows begin, row by row from below. */
export const arrowPlaces: readonly (readonly [x: number, y: number])[] = Array.from({ length: arrowSide ** 2 }, (_, index) => {
  const at = (cell: number): number => diffusionRange[0] + ((diffusionRange[1] - diffusionRange[0]) * (cell + 0.5)) / arrowSide;
  return [at(index % arrowSide), at(Math.floor(index / arrowSide))];
});
