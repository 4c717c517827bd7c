/** The state of early stopping, as plain JSON. */
export interface EarlyStoppingState {
  readonly bestLoss: number | null;
  readonly bestEpoch: number | null;
  readonly epochsSince: number;
}

/** Tracks the validation loss: the best epoch so far, and when to stop. */
export class EarlyStopping {
  /** Training stops after this many epochs without a lower loss; 0 never stops. */
  readonly patience: number;
  #state: EarlyStoppingState = { bestLoss: null, bestEpoch: null, epochsSince: 0 };

  constructor(patience: number) {
    this.patience = patience;
  }

  /** Records the loss of an epoch and returns whether it is the best so far. NaN is never better. */
  report(epoch: number, loss: number): boolean {
    const better = this.#state.bestLoss === null ? !Number.isNaN(loss) : loss < this.#state.bestLoss;
    this.#state = better
      ? { bestLoss: loss, bestEpoch: epoch, epochsSince: 0 }
      : { ...this.#state, epochsSince: this.#state.epochsSince + 1 };
    return better;
  }

  get bestEpoch(): number | null {
    return this.#state.bestEpoch;
  }

  /** Whether training should stop. */
  get exhausted(): boolean {
    return this.patience > 0 && this.#state.epochsSince >= this.patience;
  }

  stateDict(): EarlyStoppingState {
    return this.#state;
  }

  loadStateDict(state: EarlyStoppingState): void {
    this.#state = state;
  }
}
