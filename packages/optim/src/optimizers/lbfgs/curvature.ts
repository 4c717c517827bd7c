import { HostState } from "@nn/tensor";
import { add, dot, scale } from "./vector.js";

/** A step that was taken, and how the gradient changed over it. */
export interface CurvaturePair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/** The least `step · change` from which curvature can be told. */
const leastCurvature = 1e-10;

/** What the last steps say of the inverse of the Hessian matrix. */
export class Curvature {
  readonly #size: number;
  readonly #known = new HostState<readonly (CurvaturePair & { readonly curvature: number })[]>([], "LBFGS.step");

  constructor(size: number) {
    this.#size = size;
  }

  /** The pairs that are remembered, the oldest first. */
  get pairs(): readonly CurvaturePair[] {
    return this.#known.value;
  }

  set pairs(pairs: readonly CurvaturePair[]) {
    this.#known.value = [];
    for (const pair of pairs) this.add(pair);
  }

  /** Remembers a pair, and forgets the oldest one beyond the size; passes over one along which the function is not convex. */
  add(pair: CurvaturePair): void {
    const curvature = dot(pair.step, pair.change);
    if (curvature > leastCurvature) this.#known.value = [...this.#known.value, { ...pair, curvature }].slice(-this.#size);
  }

  /** `−H g`, by the two loops of Nocedal (1980): the gradient itself, turned round, while nothing is known. */
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
