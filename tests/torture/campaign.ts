/** One way to look for faults. A round is short, and its seed alone decides what it does. */
export interface Campaign {
  readonly name: string;
  /** What it does, in one line. */
  readonly title: string;
  /** Runs one round; returns one line for each fault, and none if there is no fault. */
  round(seed: number): Promise<readonly string[]> | readonly string[];
}
