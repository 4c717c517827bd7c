import { sum, type Tensor } from "@nn/tensor";

/** How far numbers are from what they should be: the signal-to-noise ratio, in decibels. */
export class Noise {
  #signal = 0;
  #noise = 0;

  /** Counts what should be, and what is. */
  add(expected: Tensor, actual: Tensor): void {
    this.#signal += energyOf(expected);
    this.#noise += energyOf(actual.sub(expected));
  }

  /** `10·log₁₀(Σ expected² / Σ error²)`; Infinity without errors. */
  get decibels(): number {
    return this.#noise === 0 ? Infinity : 10 * Math.log10(this.#signal / this.#noise);
  }
}

function energyOf(x: Tensor): number {
  const y = x.cast("float64");
  return sum(y.mul(y)).item();
}
