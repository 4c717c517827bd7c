/** One way to look for faults. A round is short, and its seed alone decides what it does. */
export interface Campaign {
  readonly name: string;
  /** What it does, in one line. */
  readonly title: string;
  /** One round: what was found, a line each; nothing if all was right. */
  round(seed: number): Promise<readonly string[]> | readonly string[];
}
