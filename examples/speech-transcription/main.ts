import { Linear, LSTM, Module } from "@nn/layers";
import { ctc } from "@nn/losses";
import { Adam } from "@nn/optim";
import { argMax, exp, Generator, logSoftmax, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { drawnBatches } from "../support/drawn-batches.js";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { sideBySide } from "../support/svg.js";
import { bands, frames, record, silence, type Recordings } from "./recordings.js";

/** Maps frames to the log-probabilities of the symbols in each, `[frames, N, symbols]`. */
class Transcriber extends Module {
  readonly encoder: LSTM;
  readonly head: Linear;

  constructor(generator: Generator) {
    super();
    this.encoder = new LSTM(bands, 24, { bidirectional: true, batchFirst: true, generator });
    this.head = new Linear(48, silence + 1, { generator });
  }

  override forward({ sound, soundLengths }: Recordings): Tensor {
    return logSoftmax(this.head.forward(this.encoder.forward(sound, { lengths: soundLengths }).output)).transpose(0, 1);
  }
}

/** Trains a model on recordings that are made on the spot; the recordings themselves are their targets. */
export async function train({ steps = 150, count = 32, compile = true } = {}) {
  const model = new Transcriber(new Generator(1));
  const random = new Generator(2);
  const { history } = await fit({
    model,
    loss: (logProbabilities: Tensor, { digits, soundLengths, digitLengths }: Recordings) =>
      ctc(logProbabilities, digits, { inputLengths: soundLengths, targetLengths: digitLengths, blank: silence }),
    optimizer: new Adam(model.parameters(), { learningRate: 1e-2 }),
    clipNorm: 1,
    batches: drawnBatches(steps, () => {
      const recordings = record(count, random);
      return [recordings, recordings] as const;
    }),
    epochs: 1,
    compile,
    plugins: [progressBar()],
  });
  return { model, loss: history[0]?.values.training.loss ?? NaN };
}

/** The spoken digits as text. */
export function textsOf({ digits, digitLengths }: Recordings): string[] {
  const counts = digitLengths.toArray() as number[];
  return (digits.toArray() as number[][]).map((row, index) => row.slice(0, counts[index]).join(""));
}

/** The transcript of a model: the most probable symbol of each frame, with repetitions merged and silence removed (greedy decoding). */
export function transcribe(model: Transcriber, recordings: Recordings): string[] {
  const [symbols, counts] = [argMax(model.forward(recordings), 2).transpose().toArray() as number[][], recordings.soundLengths.toArray() as number[]];
  return symbols.map((row, index) => row.slice(0, counts[index]).filter((symbol, frame) => symbol !== row[frame - 1] && symbol !== silence).join(""));
}

/** A recording, and the model's probability of each symbol in each frame. */
function pictureOf(model: Transcriber, recordings: Recordings, index: number): string {
  const count = (recordings.soundLengths.toArray() as number[])[index] ?? frames;
  const columns = Array.from({ length: count }, (_, frame) => ((frame + 1) % 5 === 0 ? String(frame + 1) : ""));
  // Rows of a picture are bands or symbols; columns are frames.
  const rowsOf = (values: Tensor): number[][] => (values.transpose().toArray() as number[][]).map((row) => row.slice(0, count));
  const sound = recordings.sound.select(0, index);
  return sideBySide([
    heatMap(rowsOf(sound.sub(sound.min())), { title: `Spoken: ${textsOf(recordings)[index]}`, rows: Array.from({ length: bands }, (_, band) => String(band + 1)), columns, rowLabel: "band", columnLabel: "frame", cell: 20 }),
    heatMap(rowsOf(exp(model.forward(recordings).select(1, index))), { title: `Heard: ${transcribe(model, recordings)[index]}`, rows: [...Array.from({ length: 10 }, (_, digit) => String(digit)), "–"], columns, rowLabel: "symbol", columnLabel: "frame", largest: 1, cell: 20 }),
  ]);
}

export async function main(): Promise<void> {
  console.log("An LSTM learns to transcribe spoken digits, without being told when each is spoken.");
  const { model } = await train();
  const unseen = record(200, new Generator(4));
  const [spoken, heard] = [textsOf(unseen), transcribe(model, unseen)];
  const correct = heard.filter((text, index) => text === spoken[index]).length;
  console.log(`${((100 * correct) / spoken.length).toFixed(1)} % of 200 unseen recordings are transcribed without a mistake`);
  savePicture("speech-transcription.svg", pictureOf(model, unseen, spoken.findIndex((text) => text.length === 5)));
}
