import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { BatchNorm2d, Concat, Conv2d, ConvTranspose2d, Identity, MaxPool2d, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { binaryFocal, dice } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { arange, hypot, manualSeed, normal, sigmoid, uniform, where, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

const size = 32;

/** Grey images `[count, 1, 32, 32]` with one bright disc and one bright bar each, in noise; and where the discs are. */
function scenes(count: number): { images: Tensor; masks: Tensor } {
  const [rows, columns] = [arange(size).reshape([1, 1, size, 1]), arange(size).reshape([1, 1, 1, size])];
  const place = (): Tensor => uniform([count, 1, 1, 1], { low: 6, high: size - 6 });
  const radius = uniform([count, 1, 1, 1], { low: 3, high: 6 });
  const disc = hypot(rows.sub(place()), columns.sub(place())).less(radius);
  const bar = rows.sub(place()).abs().less(2).logicalAnd(columns.sub(place()).abs().less(9));
  const noise = normal([count, 1, size, size], { std: 0.3 });
  return { images: where(disc.logicalOr(bar), 1, 0).add(noise), masks: disc.cast("float32") };
}

function convolve(from: number, to: number): TensorModule {
  return new Sequential(new Conv2d(from, to, 3, { padding: 1, bias: false }), new BatchNorm2d(to), new ReLU());
}

/** A U-Net (Ronneberger et al. 2015): each level keeps what it saw beside what the coarser level below makes of it. */
function uNet(channels: number, levels: number): TensorModule {
  if (levels === 0) return convolve(channels, channels);
  const below = new Sequential(
    new MaxPool2d(2), convolve(channels, 2 * channels), uNet(2 * channels, levels - 1), new ConvTranspose2d(2 * channels, channels, 2, { stride: 2 }),
  );
  return new Sequential(new Concat([new Identity(), below]), convolve(2 * channels, channels));
}

test("a U-Net finds the discs, and leaves the bars", () => {
  manualSeed(1);
  const model = new Sequential(convolve(1, 8), uNet(8, 2), new Conv2d(8, 1, 1));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: cosineDecay(0.01, { steps: 150 }) });
  // Scenes are drawn within the compiled step: no two are alike.
  const step = compile(() => {
    const { images, masks } = scenes(16);
    const { value, gradients } = valueAndGrad(() => {
      const logits = model.forward(images);
      return dice(sigmoid(logits), masks).add(binaryFocal(logits, masks, { alpha: 0.75 }));
    }, parameters);
    optimizer.step(gradients);
    return value;
  });
  for (let turn = 0; turn < 150; turn++) step();

  model.eval();
  manualSeed(2);
  const { images, masks } = scenes(32);
  const found = model.forward(images).greater(0);
  const truth = masks.cast("bool");
  const overlap = found.logicalAnd(truth).cast("float32").sum().div(found.logicalOr(truth).cast("float32").sum());
  expect(overlap.item()).toBeGreaterThan(0.85);
});
