import type { TensorModule } from "@nn/layers";
import * as models from "@nn/models";
import { fromOnnx, toOnnx } from "@nn/onnx";
import { manualSeed, uniform, zeros } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { runOnnx } from "../onnx/runtime.js";
import { distance } from "../onnx/trial.js";

/** Models of images, and the size of the images. */
const published: Readonly<Record<string, readonly [make: () => TensorModule, size: number]>> = {
  resnet18: [models.resnet18, 64], mobilenetV2: [models.mobilenetV2, 64], mobilenetV3Small: [models.mobilenetV3Small, 64], shufflenetV2X0_5: [models.shufflenetV2X0_5, 64],
  squeezenet1_1: [models.squeezenet1_1, 64], densenet121: [models.densenet121, 64], efficientnetB0: [models.efficientnetB0, 64],
};

describe("published models computed by ONNX Runtime, and read again, for a batch of another size", () => {
  it.each(Object.entries(published))("%s", async (_, [make, size]) => {
    manualSeed(4);
    const model = make().eval();
    const file = toOnnx(model, { image: zeros([1, 3, size, size]) }, { batchAxis: 0 });
    const image = uniform([2, 3, size, size]);
    const expected = model.forward(image);
    const peak = expected.abs().max();
    for (const { output } of [await runOnnx(file, { image }), fromOnnx(file).run({ image })]) expect(distance(output?.div(peak), expected.div(peak))).toBeLessThan(1);
  });
});
