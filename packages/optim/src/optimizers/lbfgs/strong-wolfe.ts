/** A function at one point of the line that is searched. */
export interface LinePoint {
  /** The position on the line. */
  readonly at: number;
  readonly value: number;
  /** The derivative along the line. */
  readonly slope: number;
}

/** Limits of a search. */
export interface SearchLimits {
  /** Positions closer than this count as equal. */
  readonly closest: number;
  /** Evaluations after the first. */
  readonly tries: number;
}

/** Fractions of the first slope: the smallest average decrease, and the largest slope of the result. */
const [sufficient, steepest] = [1e-4, 0.9];

/**
 * A point where the strong Wolfe conditions hold, `f(t) ≤ f(0) + 1e-4 t f′(0)` and `|f′(t)| ≤ 0.9 |f′(0)|`, or the best point found. Steps
 * grow until two points bracket such a point; then the bracket shrinks (Nocedal and Wright 2006, algorithms
 * 3.5 and 3.6, with the safeguards of minFunc and PyTorch).
 */
export function strongWolfe<P extends LinePoint>(evaluate: (at: number) => P, start: P, first: number, { closest, tries }: SearchLimits): P {
  const search = new Search(evaluate, start, closest, tries);
  return search.bracket(first);
}

class Search<P extends LinePoint> {
  readonly #evaluate: (at: number) => P;
  readonly #start: P;
  readonly #closest: number;
  #triesLeft: number;

  constructor(evaluate: (at: number) => P, start: P, closest: number, tries: number) {
    this.#evaluate = evaluate;
    this.#start = start;
    this.#closest = closest;
    this.#triesLeft = tries;
  }

  /** The bracketing phase: ever longer steps. */
  bracket(first: number): P {
    let before = this.#start;
    let here = this.#evaluate(first);
    for (let tried = 0; this.#triesLeft > 0; tried++) {
      if (this.#isTooHigh(here) || (tried > 1 && here.value >= before.value)) return this.#narrow(before, here);
      if (this.#isFlat(here)) return here;
      if (here.slope >= 0) return this.#narrow(before, here);
      const next = lowestBetween(before, here, here.at + 0.01 * (here.at - before.at), here.at * 10);
      before = here;
      here = this.#try(next);
    }
    return here.value < this.#start.value ? here : this.#start;
  }

  /** The zoom phase: shrinks a bracket; one of its ends is the lowest point so far. */
  #narrow(one: P, other: P): P {
    let [low, high] = other.value < one.value ? [other, one] : [one, other];
    let isStuck = false;
    while (this.#triesLeft > 0 && Math.abs(high.at - low.at) >= this.#closest) {
      const [left, right]: readonly [number, number] = low.at < high.at ? [low.at, high.at] : [high.at, low.at];
      const margin = 0.1 * (right - left);
      let next = lowestBetween(low, high, left, right);
      const isNearEnd = Math.min(right - next, next - left) < margin;
      // Move the point inwards if it is on an end, or near an end for the second time.
      const isMoved: boolean = isNearEnd && (isStuck || next >= right || next <= left);
      if (isMoved) next = Math.abs(next - right) < Math.abs(next - left) ? right - margin : left + margin;
      isStuck = isNearEnd && !isMoved;

      const here = this.#try(next);
      if (this.#isTooHigh(here) || !(here.value < low.value)) {
        [low, high] = here.value < low.value ? [here, low] : [low, here];
      } else {
        if (this.#isFlat(here)) return here;
        if (here.slope * (high.at - low.at) >= 0) high = low;
        low = here;
      }
    }
    return low;
  }

  #try(at: number): P {
    this.#triesLeft -= 1;
    return this.#evaluate(at);
  }

  /** Whether the decrease is too small; always true for NaN. */
  #isTooHigh({ at, value }: P): boolean {
    return !(value <= this.#start.value + sufficient * at * this.#start.slope);
  }

  #isFlat({ slope }: P): boolean {
    return Math.abs(slope) <= -steepest * this.#start.slope;
  }
}

/** The minimum, within bounds, of the cubic polynomial with the values and slopes of two points; the middle of the bounds if there is none. */
function lowestBetween(one: LinePoint, other: LinePoint, low: number, high: number): number {
  const [left, right] = one.at <= other.at ? [one, other] : [other, one];
  const mean = left.slope + right.slope - (3 * (left.value - right.value)) / (left.at - right.at);
  const root = Math.sqrt(mean ** 2 - left.slope * right.slope);
  const minimum = right.at - (right.at - left.at) * ((right.slope + root - mean) / (right.slope - left.slope + 2 * root));
  return Number.isNaN(minimum) ? (low + high) / 2 : Math.min(Math.max(minimum, low), high);
}
