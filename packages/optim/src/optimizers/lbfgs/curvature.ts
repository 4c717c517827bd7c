import { HostState } from "@nn/tensor";
import { add, dot, scale } from "./vector.js";

/** A step, and the change of the gradient over it. */
export interface CurvaturePair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/** The smallest `step · change` that is used as curvature. */
const leastCurvature = 1e-10;

/** The estimate of the inverse Hessian matrix from the last steps. */
export class Curvature {
  readonly #size: number;
  readonly #known = new HostState<readonly (CurvaturePair & { readonly curvature: number })[]>([], "LBFGS.step");

  constructor(size: number) {
    this.#size = size;
  }

  /** The stored pairs, the oldest first. */
  get pairs(): readonly CurvaturePair[] {
    return this.#known.value;
  }

  set pairs(pairs: readonly CurvaturePair[]) {
    this.#known.value = [];
    for (const pair of pairs) this.add(pair);
  }

  /** Stores a pair and drops the oldest one if there are too many. Skips a pair along which the function is not convex. */
  add(pair: CurvaturePair): void {
    const curvature = dot(pair.step, pair.change);
    if (curvature > leastCurvature) this.#known.value = [...this.#known.value, { ...pair, curvature }].slice(-this.#size);
  }

  /** `−H g`, by the two loops of Nocedal (1980): the negative gradient while no pair is stored. */
  descentFrom(gradient: Float64Array): Float64Array {
    const direction = gradient.map((value) => -value);
    const fractions: number[] = [];
    for (const { step, change, curvature } of this.#known.value.toReversed()) {
      const fraction = dot(step, direction) / curvature;
      fractions.push(fraction);
      add(direction, change, -fraction);
    }
    const newest = this.#known.value.at(-1);
    if (newest !== undefined) scale(direction, newest.curvature / dot(newest.change, newest.change));
    for (const { step, change, curvature } of this.#known.value) add(direction, step, (fractions.pop() ?? 0) - dot(change, direction) / curvature);
    return direction;
  }
}
