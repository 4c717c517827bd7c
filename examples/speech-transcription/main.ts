import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, LSTM, Module } from "@nn/layers";
import { ctc } from "@nn/losses";
import { Adam, clipByGlobalNorm } from "@nn/optim";
import { argMax, exp, Generator, logSoftmax, type Tensor } from "@nn/tensor";
import { heatMap } from "../support/heat-map.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
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

/** Creates a model and its step, which returns the loss. */
export function createTranscriber() {
  const model = new Transcriber(new Generator(1));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 1e-2 });
  const step = (recordings: Recordings): Tensor => {
    const { digits, soundLengths, digitLengths } = recordings;
    const { value, gradients } = valueAndGrad(() => {
      return ctc(model.forward(recordings), digits, { inputLengths: soundLengths, targetLengths: digitLengths, blank: silence });
    }, parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
  return { model, step };
}

/** Trains a model; `onSteps` receives the loss of every tenth step. */
export function train({ steps = 150, onSteps = () => undefined }: { readonly steps?: number; readonly onSteps?: (loss: number) => void } = {}): Transcriber {
  const random = new Generator(2);
  const { model, step } = createTranscriber();
  const compiled = compile(step);
  for (let turn = 1; turn <= steps; turn++) {
    const loss = compiled(record(32, random));
    if (turn % 10 === 0) onSteps(loss.item());
  }
  return model;
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

export function main(): void {
  const steps = 150;
  console.log("An LSTM learns to transcribe spoken digits, without being told when each is spoken.");
  const progress = new Progress("steps of 10", steps / 10);
  const model = train({ steps, onSteps: (loss) => progress.advance(`loss ${loss.toFixed(3)}`) });
  progress.end();
  const unseen = record(200, new Generator(4));
  const [spoken, heard] = [textsOf(unseen), transcribe(model, unseen)];
  const correct = heard.filter((text, index) => text === spoken[index]).length;
  console.log(`${((100 * correct) / spoken.length).toFixed(1)} % of 200 unseen recordings are transcribed without a mistake`);
  savePicture("speech-transcription.svg", pictureOf(model, unseen, spoken.findIndex((text) => text.length === 5)));
}
