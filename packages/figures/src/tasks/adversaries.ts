import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { LeakyReLU, Linear, ReLU, Sequential, type TensorModule } from "@nn/layers";
import { Adam, linearRamp } from "@nn/optim";
import { arange, argMin, cdist, concat, Generator, less, mean, min, normal, sigmoid, softplus, tensor, type Tensor } from "@nn/tensor";
import { energyDistance } from "./energy-distance.js";
import { ringMiddles, ringSpots, shapeRange, shapes, spotSpread, type ShapeName } from "./shapes.js";
import type { Task } from "./task.js";

export interface AdversariesSettings {
  readonly shape: Extract<ShapeName, "spot" | "moons" | "ring">;
  /** How the discriminator learns: twice as fast as the generator, or ten times as slowly. */
  readonly judge: keyof typeof judgeRates;
  readonly seed: number;
}

/** The learning rate of the generator, and those of the discriminator. Both fall to 0, so that the game calms down. */
const [forgerRate, judgeRates] = [1e-3, { fast: 2e-3, slow: 1e-4 }] as const;

type Points = readonly (readonly [x: number, y: number])[];

export interface AdversariesView {
  readonly steps: number;
  readonly real: Points;
  /** What the generator makes of the same noise every time. */
  readonly generated: Points;
  /** The probability that a point is real, in the discriminator's opinion, at the points of a square grid: from the bottom up and from left to right. */
  readonly opinions: readonly number[];
  /** The share of real and generated points that the discriminator tells right; a half is guessing. */
  readonly caught: number;
  /** The energy distance between real and generated points. */
  readonly distance: number;
  /** For the ring: how many of its spots the generator reaches. */
  readonly spots: number | undefined;
  /** The distance every 25 steps. */
  readonly history: readonly (readonly [step: number, distance: number])[];
}

const [batch, noiseSize, hidden, shownPoints, mostSteps, measuredEvery] = [64, 4, 48, 200, 3000, 25];
/** Points of the grid of opinions along one axis. */
const opinionSide = 40;

/** A square grid over the plane, `[side², 2]`, row by row from below. */
function grid(): Tensor {
  const at = (index: number): number => shapeRange[0] + ((shapeRange[1] - shapeRange[0]) * index) / (opinionSide - 1);
  return tensor(Array.from({ length: opinionSide ** 2 }, (_, index) => [at(index % opinionSide), at(Math.floor(index / opinionSide))]));
}

/** How many spots of the ring have a fair share of the points. */
function spotsReached(points: Tensor): number {
  const distances = cdist(points, ringMiddles(arange(ringSpots)));
  const near = less(min(distances, 1), 4 * spotSpread).toArray() as (0 | 1 | boolean)[];
  const nearest = (argMin(distances, 1).toArray() as number[]).filter((_, at) => Boolean(near[at]));
  return Array.from({ length: ringSpots }, (_, spot) => nearest.filter((each) => each === spot).length).filter((count) => count >= shownPoints / (4 * ringSpots)).length;
}

/** A generator makes points from noise, a discriminator tells them from real ones, and each learns from the other (Goodfellow et al. 2014). */
export function adversaries({ shape, judge: pace, seed }: AdversariesSettings): Task<AdversariesView> {
  const random = new Generator(seed);
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator: random });
  const generator = new Sequential(linear(noiseSize, hidden), new ReLU(), linear(hidden, hidden), new ReLU(), linear(hidden, 2));
  const discriminator = new Sequential(linear(2, hidden), new LeakyReLU(0.2), linear(hidden, hidden), new LeakyReLU(0.2), linear(hidden, 1));
  // Without momentum, which would carry both past each other.
  const adam = (network: TensorModule, learningRate: number): Adam => new Adam(network.parameters(), { learningRate: linearRamp(learningRate, 0, { steps: mostSteps }), betas: [0, 0.99] });
  const [forger, judge] = [adam(generator, forgerRate), adam(discriminator, judgeRates[pace])];

  const noise = (count: number): Tensor => normal([count, noiseSize], { generator: random });
  const learn = compile((real: Tensor) => {
    const generated = generator.forward(noise(batch)).detach();
    const judged = valueAndGrad(() => mean(softplus(discriminator.forward(real).neg()).add(softplus(discriminator.forward(generated)))), judge.parameters);
    judge.step(judged.gradients);
    const forged = valueAndGrad(() => mean(softplus(discriminator.forward(generator.forward(noise(batch))).neg())), forger.parameters);
    forger.step(forged.gradients);
    return forged.value;
  });
  const measure = compile((real: Tensor, fromNoise: Tensor, everywhere: Tensor) => {
    const generated = generator.forward(fromNoise);
    const [trusted, suspected] = [discriminator.forward(real).greater(0), discriminator.forward(generated).less(0)];
    return { generated, caught: mean(concat([trusted, suspected]).cast("float32")), opinions: sigmoid(discriminator.forward(everywhere)).reshape([-1]) };
  });
  const fixed = new Generator(1);
  const [shownReal, shownNoise, everywhere] = [shapes[shape](shownPoints, fixed), normal([shownPoints, noiseSize], { generator: fixed }), grid()];
  const history: (readonly [number, number])[] = [];
  let steps = 0;
  const distanceNow = (): number => energyDistance(shownReal, generator.forward(shownNoise)).item();
  return {
    step() {
      learn(shapes[shape](batch, random));
      steps += 1;
      if (steps % measuredEvery === 0) history.push([steps, distanceNow()]);
    },
    view() {
      const { generated, caught, opinions } = measure(shownReal, shownNoise, everywhere);
      return {
        steps, real: shownReal.toArray() as [number, number][], generated: generated.toArray() as [number, number][], opinions: opinions.toArray() as number[], caught: caught.item(),
        distance: distanceNow(), spots: shape === "ring" ? spotsReached(generated) : undefined, history: [...history],
      };
    },
    isDone: () => steps >= mostSteps,
  };
}
