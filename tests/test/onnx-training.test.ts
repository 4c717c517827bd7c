import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { fromOnnx, type OnnxModule } from "@nn/onnx";
import { SGD } from "@nn/optim";
import { add, manualSeed, mean, square, uniform, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../reference/models/onnx/", import.meta.url));
const modelOf = (file: string): OnnxModule => fromOnnx(new Uint8Array(readFileSync(`${folder}${file}`)));

/** Losses of a few steps in which a model learns to return zeros. */
function losses(file: string, shape: readonly number[], isCompiled: boolean): readonly number[] {
  manualSeed(2);
  const model = modelOf(file);
  const x = uniform(shape, { low: -1, high: 1 });
  const parameters = model.trainableParameters();
  const optimizer = new SGD(parameters, { learningRate: 0.02 });
  const step = (given: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => Object.values(model.run({ x: given })).map((output) => mean(square(output))).reduce(add), parameters, { strict: false });
    optimizer.step(gradients);
    return value;
  };
  const run = isCompiled ? compile(step) : step;
  return Array.from({ length: 8 }, () => run(x).item());
}

describe("models of ONNX files are trained further", () => {
  it.each([
    ["mlp.onnx", [6, 4]], ["cnn_batchnorm.onnx", [2, 2, 8, 8]], ["lstm_1.onnx", [2, 5, 3]], ["transformer_encoder_layer_dynamic.onnx", [2, 4, 12]], ["convnet_tiny_resnet.onnx", [2, 3, 16, 16]],
  ])("%s", (file, shape) => {
    const eager = losses(file, shape, false);
    expect(eager.at(-1)).toBeLessThan((eager[0] ?? 0) * 0.99);
    losses(file, shape, true).forEach((loss, at) => expect(loss).toBeCloseTo(eager[at] ?? Number.NaN, 4));
  });

  it("with parameters and buffers under the names of the file", () => {
    const model = modelOf("cnn_batchnorm.onnx");
    expect([...model.namedBuffers().keys()].every((name) => /running_(mean|var)$/.test(name))).toBe(true);
    expect([...model.namedParameters().keys()].filter((name) => name.endsWith(".weight")).length).toBeGreaterThan(2);
    const copy = modelOf("cnn_batchnorm.onnx");
    for (const parameter of copy.parameters()) parameter.value = parameter.value.mul(0);
    copy.loadStateDict(model.stateDict());
    const x = uniform([2, 2, 8, 8]);
    expect(copy.forward(x).toArray()).toEqual(model.forward(x).toArray());
  });
});
