import { Linear, Sequential, Tanh, type Initializer } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { Generator, linspace, sin, uniform, type Tensor } from "@nn/tensor";
import { fit } from "@nn/train";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { sideBySide } from "../support/svg.js";

const xs = linspace(-1, 1, 201).reshape([201, 1]);

/** A curve far from any straight line: `sin(3πx) / 2 + x²`. */
export const curve = (x: Tensor): Tensor => sin(x.mul(3 * Math.PI)).mul(0.5).add(x.square());

/** A network with one hidden layer of `width` neurons trained on the curve, and its mean squared error. */
export async function train(width: number, { steps = 3000, linear = false }: { readonly steps?: number; readonly linear?: boolean } = {}) {
  const generator = new Generator(1);
  // Neurons whose bends lie at different inputs, and are sharp enough for the curve.
  const initializeWeight: Initializer = (shape, options) => uniform(shape, { ...options, low: -8, high: 8 });
  const [hidden, output] = [new Linear(1, width, { generator, initializeWeight, initializeBias: initializeWeight }), new Linear(width, 1, { generator })];
  const model = linear ? new Sequential(hidden, output) : new Sequential(hidden, new Tanh(), output);
  const target = curve(xs);
  // All points are one batch, so an epoch is one step.
  await fit({ model, loss: mse, optimizer: new Adam(model.parameters(), { learningRate: cosineDecay(0.03, { steps }) }), batches: [[xs, target]], epochs: steps });
  return { error: mse(model.forward(xs), target).item(), values: model.forward(xs) };
}

export const widths = [1, 2, 4, 8, 16, 64];

const points = (values: Tensor): [number, number][] => {
  const [x, y] = [xs.reshape([-1]).toArray() as number[], values.reshape([-1]).toArray() as number[]];
  return x.map((each, at) => [each, y[at] ?? NaN]);
};

export async function main(): Promise<void> {
  console.log("One hidden layer, wide enough, comes as near to a curve as one likes (Cybenko 1989).\n");
  const progress = new Progress("widths", widths.length + 1);
  const results: ({ readonly width: number } & Awaited<ReturnType<typeof train>>)[] = [];
  for (const width of widths) {
    results.push({ width, ...(await train(width)) });
    progress.advance(`${width} neurons`);
  }
  const straight = await train(64, { linear: true });
  progress.end();
  console.log("hidden neurons  mean squared error");
  for (const { width, error } of results) console.log(`${String(width).padStart(14)}  ${error.toExponential(1).padStart(18)}`);
  console.log(`64 without tanh ${straight.error.toExponential(1).padStart(18)}: two linear layers are one`);
  savePicture("universal-approximation.svg", sideBySide([
    chart([{ name: "curve", points: points(curve(xs)) }, ...[2, 4, 16].map((width) => ({ name: `${width} neurons`, points: points(results.find((each) => each.width === width)?.values ?? xs) }))],
      { title: "The curve, and networks that were taught it", xLabel: "x", yLabel: "y" }),
    chart([{ name: "error", points: results.map(({ width, error }) => [Math.log2(width), error] as const) }], { title: "Wider is nearer", xLabel: "neurons (powers of two)", yLabel: "mean squared error", logarithmic: true }),
  ]));
}
