import {
  BatchNorm1d, BatchNorm2d, Conv1d, Conv2d, ConvTranspose2d, Embedding, Flatten, GELU, GlobalAvgPool, GroupNorm, LayerNorm, Linear, LogSoftmax, LSTM, MaxPool2d, Module, MultiheadAttention,
  PixelUnshuffle, ReLU, Residual, Sequential, SinusoidalPositionalEncoding, squareSubsequentMask, TransformerEncoder, TransformerEncoderLayer, Upsample,
} from "@nn/layers";
import { toOnnx, type Exportable } from "@nn/onnx";
import { argMax, concat, manualSeed, randomIntegers, topK, uniform, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { runOnnx } from "../onnx/runtime.js";
import { distance } from "../onnx/trial.js";

class SequenceTagger extends Module {
  readonly embedding = new Embedding(12, 8);
  readonly lstm = new LSTM(8, 6, { layers: 2, bidirectional: true, batchFirst: true });
  readonly output = new Linear(12, 4);
  forward(ids: Tensor): Tensor {
    return this.output.forward(this.lstm.forward(this.embedding.forward(ids)).output);
  }
}

class CausalModel extends Module {
  readonly embedding = new Embedding(12, 8);
  readonly positions = new SinusoidalPositionalEncoding(8, { batchFirst: true });
  readonly encoder = new TransformerEncoder([new TransformerEncoderLayer(8, 2, { batchFirst: true }), new TransformerEncoderLayer(8, 2, { batchFirst: true, normFirst: true })], { norm: new LayerNorm(8) });
  readonly output = new Linear(8, 12);
  forward(ids: Tensor): { readonly logits: Tensor; readonly next: Tensor; readonly best: Tensor } {
    const hidden = this.encoder.forward(this.positions.forward(this.embedding.forward(ids)), { mask: squareSubsequentMask(ids.shape[1] ?? 1) });
    const logits = this.output.forward(hidden);
    return { logits, next: argMax(logits, -1), best: topK(logits, 3).values };
  }
}

class SkipConnections extends Module {
  readonly down = new Conv2d(2, 4, 3, { stride: 2, padding: 1 });
  readonly up = new ConvTranspose2d(4, 2, 4, { stride: 2, padding: 1 });
  readonly last = new Conv2d(4, 3, 1);
  forward(x: Tensor): Tensor {
    return this.last.forward(concat([x, this.up.forward(this.down.forward(x))], 1));
  }
}

const attention = new MultiheadAttention(8, 2, { batchFirst: true }).eval();
const images = (batch: number): Tensor => uniform([batch, 2, 8, 8], { low: -1, high: 1 });
const rows = (batch: number): Tensor => uniform([batch, 6, 8], { low: -1, high: 1 });
const ids = (batch: number): Tensor => randomIntegers([batch, 5], { low: 0, high: 12 });

/** A model, and an input for any batch. */
const models: Readonly<Record<string, readonly [subject: Exportable, input: (batch: number) => Tensor]>> = {
  perceptron: [new Sequential(new Flatten(), new Linear(128, 16), new BatchNorm1d(16), new GELU(), new Linear(16, 3), new LogSoftmax()), images],
  "convolutional network": [new Sequential(new Conv2d(2, 6, 3, { padding: 1 }), new BatchNorm2d(6), new ReLU(), new MaxPool2d(2), new Residual(new Conv2d(6, 6, 3, { padding: 1, groups: 3 })), new GlobalAvgPool(), new Linear(6, 3)), images],
  "image to image": [new Sequential(new SkipConnections(), new Upsample({ scale: 2, mode: "bilinear" }), new PixelUnshuffle(2), new GroupNorm(3, 12)), images],
  "sequence convolution": [new Sequential(new Conv1d(6, 4, 3, { padding: "same" }), new ReLU(), new LayerNorm([4, 8])), rows],
  "self-attention": [(x) => attention.forward(x, x, x).output, rows],
  LSTM: [new SequenceTagger(), ids],
  Transformer: [new CausalModel(), ids],
};

describe("networks computed by ONNX Runtime from their ONNX files, for batches of any size", { timeout: 60_000 }, () => {
  it.each(Object.entries(models))("%s", async (_, [subject, input]) => {
    manualSeed(3);
    if (subject instanceof Module) {
      for (const buffer of subject.buffers()) if (buffer.dtype === "float32") buffer.value = uniform(buffer.shape, { low: 0.5, high: 1.5 });
      subject.eval();
    }
    const file = toOnnx(subject, { x: input(2) }, { batchAxis: 0 });
    for (const batch of [1, 3]) {
      const x = input(batch);
      const result = (subject instanceof Module ? Reflect.apply(subject.forward, subject, [x]) : subject(x)) as Tensor | Readonly<Record<string, Tensor>>;
      const expected = "storage" in result ? { output: result as Tensor } : result;
      const found = await runOnnx(file, { x });
      expect(Object.keys(found)).toEqual(Object.keys(expected));
      for (const [name, value] of Object.entries(expected)) expect([name, distance(found[name], value)]).toEqual([name, expect.toSatisfy((far: number) => far < 1)]);
    }
  });
});
