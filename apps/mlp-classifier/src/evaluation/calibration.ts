/** A bin of predictions with about the same confidence. */
export interface CalibrationBin {
  readonly count: number;
  /** Mean probability of the predicted class. */
  readonly confidence: number;
  /** Fraction of correct predictions. */
  readonly accuracy: number;
}

/** Compares the confidence of a network with its accuracy (Guo et al. 2017). */
export class Calibration {
  /** Ten bins of the same width, from 0 to 1. */
  static readonly bins = 10;

  readonly #counts = new Float64Array(Calibration.bins);
  readonly #confidence = new Float64Array(Calibration.bins);
  readonly #correct = new Float64Array(Calibration.bins);

  /** Counts one prediction: the probability of the predicted class, and whether it was correct. */
  add(confidence: number, correct: boolean): void {
    const bin = Math.min(Calibration.bins - 1, Math.floor(confidence * Calibration.bins));
    this.#counts[bin] = (this.#counts[bin] as number) + 1;
    this.#confidence[bin] = (this.#confidence[bin] as number) + confidence;
    this.#correct[bin] = (this.#correct[bin] as number) + (correct ? 1 : 0);
  }

  /** The bins; a bin without predictions has zeros. */
  get bins(): readonly CalibrationBin[] {
    return Array.from(this.#counts, (count, at) => ({
      count, confidence: count === 0 ? 0 : (this.#confidence[at] as number) / count, accuracy: count === 0 ? 0 : (this.#correct[at] as number) / count,
    }));
  }

  /** Expected calibration error: the mean of `|confidence − accuracy|` over all predictions; 0 without predictions. */
  get error(): number {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    return total === 0 ? 0 : this.bins.reduce((sum, { count, confidence, accuracy }) => sum + count * Math.abs(confidence - accuracy), 0) / total;
  }
}
