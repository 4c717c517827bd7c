/** The scores of one class. */
export interface ClassScore {
  readonly name: string;
  /** Fraction of the examples predicted as this class that belong to it; 0 if there are none. */
  readonly precision: number;
  /** Fraction of the examples of this class that were predicted as it; 0 if there are none. */
  readonly recall: number;
  /** Harmonic mean of precision and recall; 0 if both are 0. */
  readonly f1: number;
  /** Number of examples of the class. */
  readonly support: number;
}

/** Scores averaged over the classes. */
export type AverageScore = Omit<ClassScore, "name">;

/** Examples of one class that were predicted as another. */
export interface Mixup {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
}

/** How often examples of each class (rows) were predicted as each class (columns). */
export class ConfusionMatrix {
  readonly classes: readonly string[];
  readonly #counts: Uint32Array;

  constructor(classes: readonly string[]) {
    this.classes = classes;
    this.#counts = new Uint32Array(classes.length ** 2);
  }

  /** Counts one example. */
  add(label: number, predicted: number): void {
    const at = label * this.classes.length + predicted;
    this.#counts[at] = (this.#counts[at] as number) + 1;
  }

  count(label: number, predicted: number): number {
    return this.#counts[label * this.classes.length + predicted] as number;
  }

  /** The counts, a row for each true class. */
  get rows(): readonly (readonly number[])[] {
    const size = this.classes.length;
    return this.classes.map((_, label) => [...this.#counts.subarray(label * size, (label + 1) * size)]);
  }

  /** Number of examples. */
  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Fraction of correct predictions; 0 without examples. */
  get accuracy(): number {
    return ratio(this.classes.reduce((sum, _, at) => sum + this.count(at, at), 0), this.total);
  }

  /** The scores of every class. */
  get scores(): readonly ClassScore[] {
    return this.classes.map((name, at) => {
      const hits = this.count(at, at);
      const support = this.classes.reduce((sum, _, predicted) => sum + this.count(at, predicted), 0);
      const taken = this.classes.reduce((sum, _, label) => sum + this.count(label, at), 0);
      return { name, precision: ratio(hits, taken), recall: ratio(hits, support), f1: ratio(2 * hits, support + taken), support };
    });
  }

  /** The unweighted mean of the scores of the classes that have examples. */
  get macroAverage(): AverageScore {
    return average(this.scores, ({ support }) => (support === 0 ? 0 : 1));
  }

  /** The mean recall of the classes that have examples: the accuracy if all classes were equally frequent. */
  get balancedAccuracy(): number {
    return this.macroAverage.recall;
  }

  /** The accuracy of always predicting the most frequent class; undefined without examples. */
  get baseline(): { readonly name: string; readonly accuracy: number } | undefined {
    const { total } = this;
    const most = this.scores.reduce<ClassScore | undefined>((best, score) => (best === undefined || score.support > best.support ? score : best), undefined);
    return total === 0 || most === undefined ? undefined : { name: most.name, accuracy: most.support / total };
  }

  /** Names of the classes that have no examples. */
  get lacking(): readonly string[] {
    return this.scores.filter(({ support }) => support === 0).map(({ name }) => name);
  }

  /** The mean of the scores, weighted by the number of examples of each class. */
  get weightedAverage(): AverageScore {
    return average(this.scores, ({ support }) => support);
  }

  /** The most frequent confusions, at most `limit`. */
  mixups(limit: number): readonly Mixup[] {
    const all = this.classes.flatMap((_, label) => this.classes.map((_, predicted) => ({ label, predicted, count: this.count(label, predicted) })));
    return all.filter(({ label, predicted, count }) => label !== predicted && count > 0).toSorted((a, b) => b.count - a.count).slice(0, limit);
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function average(scores: readonly ClassScore[], weightOf: (score: ClassScore) => number): AverageScore {
  const weights = scores.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (pick: (score: ClassScore) => number): number => ratio(scores.reduce((sum, score, at) => sum + pick(score) * (weights[at] as number), 0), total);
  return {
    precision: mean((score) => score.precision),
    recall: mean((score) => score.recall),
    f1: mean((score) => score.f1),
    support: scores.reduce((sum, { support }) => sum + support, 0),
  };
}
