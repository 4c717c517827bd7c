/** What early stopping has to remember; ready for JSON. */
export interface EarlyStoppingState {
  readonly bestLoss: number | null;
  readonly bestEpoch: number | null;
  readonly epochsSince: number;
}

/** Watches the validation loss: knows the best epoch so far, and when to give up hope of a better one. */
export class EarlyStopping {
  /** Epochs without a better loss after which to stop; 0 never stops. */
  readonly patience: number;
  #state: EarlyStoppingState = { bestLoss: null, bestEpoch: null, epochsSince: 0 };

  constructor(patience: number) {
    this.patience = patience;
  }

  /** Takes note of an epoch; says whether it is the best so far. A loss that is not a number is never better. */
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

  /** Whether training is to end. */
  get exhausted(): boolean {
    return this.patience > 0 && this.#state.epochsSince >= this.patience;
  }

  get state(): EarlyStoppingState {
    return this.#state;
  }

  set state(state: EarlyStoppingState) {
    this.#state = state;
  }
}
