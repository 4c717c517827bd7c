import { expect, test } from "vitest";
import { EarlyStopping, type EarlyStoppingState } from "../../src/training/early-stopping.js";

const watch = (patience: number, losses: readonly number[]): EarlyStopping => {
  const stopping = new EarlyStopping(patience);
  losses.forEach((loss, at) => stopping.report(at + 1, loss));
  return stopping;
};

test("stops after as many epochs without a better loss as it has patience", () => {
  expect(watch(2, [3, 2, 2.5]).exhausted).toBe(false);
  expect(watch(2, [3, 2, 2.5, 2.1]).exhausted).toBe(true);
  expect(watch(2, [3, 2, 2.5, 1.9, 2.1]).exhausted).toBe(false);
});

test("an equal loss is not better", () => {
  expect(watch(2, [2, 2, 2])).toMatchObject({ bestEpoch: 1, exhausted: true });
});

test("without patience it never stops, but knows the best epoch", () => {
  expect(watch(0, [3, 1, 5, 5, 5, 5, 5])).toMatchObject({ bestEpoch: 2, exhausted: false });
});

test("a loss that is not a number is never the best", () => {
  expect(watch(3, [Number.NaN, 2])).toMatchObject({ bestEpoch: 2 });
  expect(watch(3, [2, Number.NaN])).toMatchObject({ bestEpoch: 1 });
});

test("continues from its state, saved as JSON", () => {
  const later = new EarlyStopping(2);
  later.loadStateDict(JSON.parse(JSON.stringify(watch(2, [3, 2, 2.5]).stateDict())) as EarlyStoppingState);
  expect(later.report(4, 2.2)).toBe(false);
  expect(later).toMatchObject({ bestEpoch: 2, exhausted: true });
});
