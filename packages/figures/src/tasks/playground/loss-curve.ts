const most = 400;

/** The losses after some step. */
export interface LossPoint {
  readonly steps: number;
  readonly train: number;
  readonly test: number;
}

/** The losses of a training, at no more than some hundred of its steps. */
export class LossCurve {
  #points: readonly LossPoint[] = [];

  get points(): readonly LossPoint[] {
    return this.#points;
  }

  /** Adds a point, in place of those that are not before it. */
  add(point: LossPoint): void {
    const points = [...this.#points.filter(({ steps }) => steps < point.steps), point];
    this.#points = points.length > most ? points.filter((_, at) => at % 2 === 0 || at === points.length - 1) : points;
  }
}
