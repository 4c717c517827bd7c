const most = 400;

/** The losses after some step. */
interface LossPoint {
  readonly steps: number;
  readonly train: number;
  readonly test: number;
}

/** The losses by step, as arrays that a worker sends fast. */
export interface LossLines {
  readonly steps: Float64Array;
  readonly train: Float64Array;
  readonly test: Float64Array;
}

/** The losses of a training, at no more than some hundred of its steps. */
export class LossCurve {
  #points: readonly LossPoint[] = [];

  get lines(): LossLines {
    const valuesOf = (name: keyof LossPoint): Float64Array => Float64Array.from(this.#points, (point) => point[name]);
    return { steps: valuesOf("steps"), train: valuesOf("train"), test: valuesOf("test") };
  }

  /** Adds a point, in place of those that are not before it. */
  add(point: LossPoint): void {
    const points = [...this.#points.filter(({ steps }) => steps < point.steps), point];
    this.#points = points.length > most ? points.filter((_, at) => at % 2 === 0 || at === points.length - 1) : points;
  }
}
