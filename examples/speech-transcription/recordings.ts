import { arange, cumSum, embedding, Generator, less, lessEqual, normal, pad, randomIntegers, stack, sum, takeAlongAxis, unsqueeze, where, zerosLike, type Tensor } from "@nn/tensor";

/** Symbols: the digits 0 to 9, and silence, which is the blank of the loss too. */
export const silence = 10;
export const [mostDigits, frames, bands] = [5, 30, 8];

/** The spectrum of each symbol. */
const spectra = normal([silence + 1, bands], { generator: new Generator(3) });

/** Spoken digits, without the times at which they are spoken. */
export interface Recordings {
  /** `[N, frames, bands]`. */
  readonly sound: Tensor;
  /** The number of frames of each recording without padding, `[N]`. */
  readonly soundLengths: Tensor;
  /** The digits that are spoken, `[N, mostDigits]`. */
  readonly digits: Tensor;
  /** The number of digits of each recording, `[N]`. */
  readonly digitLengths: Tensor;
}

/** Records up to five digits, each 2 to 4 frames long, with pauses of 1 or 2 frames, on a noisy line. */
export function record(count: number, generator: Generator): Recordings {
  const between = (low: number, high: number): Tensor => randomIntegers([count, mostDigits], { low, high: high + 1, generator });
  const digits = between(0, 9);
  const digitLengths = randomIntegers([count], { low: 1, high: mostDigits + 1, generator });
  const spoken = less(arange(mostDigits), unsqueeze(digitLengths, 1));
  const alternate = (first: Tensor, second: Tensor): Tensor => stack([first, second], 2).reshape([count, 2 * mostDigits]);

  const symbols = pad(alternate(digits, zerosLike(digits).add(silence)), [[0, 0], [0, 1]], { value: silence });
  const ends = cumSum(alternate(where(spoken, between(2, 4), 0), where(spoken, between(1, 2), 0)), 1);
  const symbolOfFrame = sum(lessEqual(unsqueeze(ends, 2), arange(frames)), 1);
  const clean = embedding(takeAlongAxis(symbols, symbolOfFrame, 1), spectra);
  return { sound: clean.add(normal(clean.shape, { std: 0.5, generator })), soundLengths: ends.select(1, -1), digits, digitLengths };
}
