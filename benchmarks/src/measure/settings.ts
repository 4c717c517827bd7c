/** How thoroughly to measure. */
export interface Settings {
  /** Rounds of each case. */
  readonly rounds: number;
  /** Milliseconds that a competitor runs in a round, unless a single run takes longer. */
  readonly slot: number;
  /** Milliseconds of warming up. */
  readonly warmUp: number;
  /** Seconds that a case may wait for a quiet machine. */
  readonly maxWait: number;
  /** Steps of the test for memory growth. */
  readonly growthSteps: number;
}

export const thorough: Settings = { rounds: 15, slot: 100, warmUp: 600, maxWait: 30, growthSteps: 100_000 };

export const quick: Settings = { rounds: 3, slot: 30, warmUp: 100, maxWait: 0, growthSteps: 10_000 };
