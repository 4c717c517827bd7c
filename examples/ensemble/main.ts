import { bootstrap, DataLoader, TensorDataset } from "@nn/data";
import { Linear, Sequential, Tanh } from "@nn/layers";
import { mse } from "@nn/losses";
import { meanSquaredError } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { concat, flip, Generator, less, linspace, manualSeed, mean, normal, sin, stack, std, uniform, where, type Tensor } from "@nn/tensor";
import { bagging, fit, type Ensemble } from "@nn/train";
import { progressBar } from "@nn/train/node";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";

const [members, epochs] = [10, 150];

/** The curve to learn. */
const curve = (x: Tensor): Tensor => sin(x.mul(2)).add(x.mul(0.3));

/** Points on the curve with noise, `[count, 1]` each. There are none between −0.75 and 0.75. */
function draw(count: number, generator: Generator) {
  const either = uniform([count, 1], { low: -1.75, high: 1.75, generator });
  const x = where(less(either, 0), either.sub(0.75), either.add(0.75));
  return new TensorDataset(x, curve(x).add(normal(x.shape, { std: 0.25, generator })));
}

/** Trains a network on every bootstrap sample of sixty points. */
export function train(): Promise<Ensemble<Sequential>> {
  manualSeed(1);
  return bagging(bootstrap(draw(60, new Generator(1)), members, { seed: 1 }), async ({ train }) => {
    const model = new Sequential(new Linear(1, 32), new Tanh(), new Linear(32, 32), new Tanh(), new Linear(32, 1));
    await fit({
      model,
      loss: mse,
      optimizer: new Adam(model.parameters(), { learningRate: 1e-2 }),
      batches: new DataLoader(train, { batchSize: 20, shuffle: true }),
      epochs,
      plugins: [progressBar()],
    });
    return model;
  });
}

/** The mean of all predictions, and their standard deviation: how much the members disagree. */
export function predict({ models }: Ensemble<Sequential>, x: Tensor) {
  const predictions = stack(models.map((model) => model.forward(x)));
  return { center: mean(predictions, 0), disagreement: std(predictions, 0) };
}

/** Errors on unseen points, and how much the members disagree, where there were points to learn from and where there were none. */
export function evaluate(together: Ensemble<Sequential>) {
  const [x, y] = draw(1000, new Generator(2)).tensors;
  const gap = linspace(-0.5, 0.5, 101).reshape([101, 1]);
  return {
    single: together.models.map((model) => meanSquaredError(model.forward(x), y)),
    together: meanSquaredError(together.forward(x), y),
    nearPoints: mean(predict(together, x).disagreement).item(),
    inGap: mean(predict(together, gap).disagreement).item(),
  };
}

const pairs = (x: Tensor, y: Tensor) => concat([x, y], 1).toArray() as [number, number][];

export async function main(): Promise<void> {
  console.log(`${members} networks learn a curve, each from another sample of the same sixty points.`);
  const together = await train();
  const result = evaluate(together);
  const average = result.single.reduce((a, b) => a + b) / members;
  console.log("\nmean squared error on unseen points (the noise alone: 0.063)");
  console.log(`  a single network: ${average.toFixed(3)} on average, from ${Math.min(...result.single).toFixed(3)} to ${Math.max(...result.single).toFixed(3)}`);
  console.log(`  all together:     ${result.together.toFixed(3)}`);
  console.log(`\nthey disagree by ${result.nearPoints.toFixed(2)} where there were points, by ${result.inGap.toFixed(2)} in the gap between them`);
  const x = linspace(-2.6, 2.6, 131).reshape([131, 1]);
  const { center, disagreement } = predict(together, x);
  const [low, high] = [center.sub(disagreement.mul(2)), center.add(disagreement.mul(2))];
  savePicture("ensemble.svg", chart([
    { name: "± 2 standard deviations of the members", points: [...pairs(x, high), ...pairs(flip(x, 0), flip(low, 0))], as: "area" },
    { name: "points", points: pairs(...draw(60, new Generator(1)).tensors), as: "points", radius: 3 },
    { name: "mean", points: pairs(x, center) },
    { name: "true curve", points: pairs(x, curve(x)), as: "dashed" },
  ], { title: "An ensemble knows where it knows little", xLabel: "x", yLabel: "y" }));
}
