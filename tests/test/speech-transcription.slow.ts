import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, LSTM, Module } from "@nn/layers";
import { ctc } from "@nn/losses";
import { Adam, clipByGlobalNorm } from "@nn/optim";
import {
  arange, argMax, cumSum, embedding, Generator, less, lessEqual, logSoftmax, normal, pad, randomIntegers, stack, sum, takeAlongAxis, unsqueeze, where, zerosLike,
  type Tensor,
} from "@nn/tensor";
import { expect, test } from "vitest";

/** Digits are 0 to 9; what stands for silence is the blank of the loss, too. */
const silence = 10;
const [most, frames, bands] = [5, 30, 8];
const spectra = normal([silence + 1, bands], { generator: new Generator(3) });

interface Recordings {
  /** `[N, frames, bands]`. */
  readonly sound: Tensor;
  /** Frames of each that count, `[N]`. */
  readonly soundLengths: Tensor;
  /** What is said, `[N, most]`. */
  readonly digits: Tensor;
  /** Digits that each says, `[N]`. */
  readonly digitLengths: Tensor;
}

/** Up to five digits, each spoken for 2 to 4 frames, with pauses of 1 to 2 frames, on a noisy line. */
function record(count: number, generator: Generator): Recordings {
  const between = (low: number, high: number): Tensor => randomIntegers([count, most], { low, high: high + 1, generator });
  const digits = between(0, 9);
  const digitLengths = randomIntegers([count], { low: 1, high: most + 1, generator });
  const said = less(arange(most), unsqueeze(digitLengths, 1));
  const inTurn = (first: Tensor, second: Tensor): Tensor => stack([first, second], 2).reshape([count, 2 * most]);

  const symbols = pad(inTurn(digits, zerosLike(digits).add(silence)), [[0, 0], [0, 1]], { value: silence });
  const ends = cumSum(inTurn(where(said, between(2, 4), 0), where(said, between(1, 2), 0)), 1);
  const symbolOfFrame = sum(lessEqual(unsqueeze(ends, 2), arange(frames)), 1);
  const clean = embedding(takeAlongAxis(symbols, symbolOfFrame, 1), spectra);
  return { sound: clean.add(normal(clean.shape, { std: 0.5, generator })), soundLengths: ends.select(1, -1), digits, digitLengths };
}

/** Hears frames, and gives log-probabilities of symbols for each, `[frames, N, symbols]`. */
class Transcriber extends Module {
  readonly ear: LSTM;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    this.ear = new LSTM(bands, 24, { bidirectional: true, batchFirst: true, generator });
    this.head = new Linear(48, silence + 1, { generator });
  }

  override forward(sound: Tensor, lengths: Tensor): Tensor {
    return logSoftmax(this.head.forward(this.ear.forward(sound, { lengths }).output)).transpose(0, 1);
  }
}

function begin() {
  const model = new Transcriber(new Generator(1));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 1e-2 });
  const step = ({ sound, soundLengths, digits, digitLengths }: Recordings): Tensor => {
    const { value, gradients } = valueAndGrad(() => {
      return ctc(model.forward(sound, soundLengths), digits, { inputLengths: soundLengths, targetLengths: digitLengths, blank: silence });
    }, parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
  return { model, step };
}

/** The first digits of each row, as text. */
function texts(rows: Tensor, lengths: Tensor): readonly string[] {
  const [values, counts] = [rows.toArray() as number[][], lengths.toArray() as number[]];
  return values.map((row, at) => row.slice(0, counts[at]).join(""));
}

/** The likeliest symbol of each frame; what goes on counts once, and silence not at all. */
function transcribe(model: Transcriber, { sound, soundLengths }: Recordings): readonly string[] {
  const [symbols, counts] = [argMax(model.forward(sound, soundLengths), 2).transpose().toArray() as number[][], soundLengths.toArray() as number[]];
  return symbols.map((row, at) => row.slice(0, counts[at]).filter((symbol, frame) => symbol !== row[frame - 1] && symbol !== silence).join(""));
}

test("an LSTM learns to transcribe what is said, without being told when", () => {
  const random = new Generator(2);
  const { step: eagerly } = begin();
  const { model, step } = begin();
  const compiled = compile(step);
  for (const given of [record(32, random), record(32, random)]) expect(compiled(given).item()).toBeCloseTo(eagerly(given).item(), 4);
  for (let turn = 0; turn < 150; turn++) compiled(record(32, random));

  const held = record(200, random);
  const [said, heard] = [texts(held.digits, held.digitLengths), transcribe(model, held)];
  expect(heard.filter((text, at) => text === said[at]).length).toBeGreaterThan(190);
});
