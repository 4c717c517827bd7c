import type { Sequential } from "@nn/layers";
import { toOnnx } from "@nn/onnx";
import { concat, sigmoid, softmax, tensor, zeros, type Tensor } from "@nn/tensor";
import { featuresOf } from "./examples.js";
import { classCount, inputCount, isOwn, type PlaygroundSettings } from "./settings.js";

/** A trained network as an ONNX file, for batches of any size: `rows` and `answers` are those of `predict` in the module of JavaScript. */
export function onnxFileOf(settings: PlaygroundSettings, model: Sequential): Uint8Array<ArrayBuffer> {
  model.eval();
  try {
    const answers = (rows: Tensor): Tensor => answersOf(settings, model.forward(featuresOf(settings.features, scaled(settings, rows))));
    return Uint8Array.from(toOnnx(answers, { rows: zeros([1, inputCount(settings)]) }, { batchAxis: 0, outputNames: ["answers"], module: model }));
  } finally {
    model.train();
  }
}

/** The numbers of a table, scaled to −5 … 5. */
function scaled({ own, data }: PlaygroundSettings, rows: Tensor): Tensor {
  const columns = isOwn(data) ? own?.columns : undefined;
  if (columns === undefined) return rows;
  const lows = tensor(columns.map(({ low }) => low));
  const factors = tensor(columns.map(({ low, high }) => 10 / (high - low || 1)));
  return rows.sub(lows).mul(factors).sub(5);
}

/** Probabilities of the logits, and values as numbers of the table. */
function answersOf(settings: PlaygroundSettings, outputs: Tensor): Tensor {
  const classes = classCount(settings);
  if (classes > 2) return softmax(outputs, 1);
  if (classes === 2) return concat([sigmoid(outputs.neg()), sigmoid(outputs)], 1);
  const target = isOwn(settings.data) ? settings.own?.target : undefined;
  return target === undefined ? outputs : outputs.add(1).mul((target.high - target.low) / 2).add(target.low);
}
