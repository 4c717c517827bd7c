import * as models from "@nn/models";
import { Generator, manualSeed, zeros } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { large, type Sample } from "../model-files/samples.js";
import { differencesElsewhere, unlikeInitially } from "../onnx/published.js";

const inputs = [zeros([1, 3, 64, 64])];

/** Models with millions and tens of millions of parameters. VGG, whose least has 129 million, would take longer than all of them. */
const published: Readonly<Record<string, Sample>> = {
  ...Object.fromEntries(Object.entries(large).filter(([name]) => ["AlexNet", "DeepLabV3", "FCN", "GoogLeNet", "LRASPP", "ResNet", "ResNetBackbone"].includes(name))),
  // Without the truncated normal numbers that it has initially, which take longer than all else.
  InceptionV3: { make: () => new models.InceptionV3({ numClasses: 3, initWeights: false }), inputs: [zeros([1, 3, 75, 75])] },
  ...Object.fromEntries([models.resnet18, models.mobilenetV2, models.mobilenetV3Small, models.shufflenetV2X0_5, models.squeezenet1_1, models.densenet121, models.efficientnetB0].map((make) => [make.name, { make: () => make(), inputs }])),
};

describe("published models with millions of parameters computed by ONNX Runtime, and read again, for a batch of another size", () => {
  it.each(Object.entries(published))("%s", async (_, { make, inputs: examples }) => {
    manualSeed(4);
    const generator = new Generator(5);
    expect(await differencesElsewhere(unlikeInitially(make(), generator), examples, [2], generator)).toEqual([]);
  });
});
