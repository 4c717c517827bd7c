import { valueAndGrad } from "@nn/autograd";
import { cos, linspace, select, tensor, Variable, type Tensor } from "@nn/tensor";
import { optimizerNames, optimizers, type OptimizerName, type Rates } from "./optimizers.js";
import type { Task } from "./task.js";

/** A point of a surface. */
export type Place = readonly [x: number, y: number];

interface Surface {
  /** The height above each point. The lowest point has the height 0. */
  readonly height: (x: Tensor, y: Tensor) => Tensor;
  readonly formula: string;
  /** Where a race begins if nothing else is chosen. */
  readonly start: Place;
  /** Learning rates that suit the surface. */
  readonly rates: Rates;
}

/** The surfaces, over the square of {@link range}. */
export const surfaces = {
  ravine: {
    height: (x, y) => x.square().div(100).add(y.square()), formula: "x²/100 + y²", start: [-3.6, 1.6],
    rates: { SGD: 0.95, momentum: 0.3, NAG: 0.3, Adagrad: 1, Adadelta: 1, RMSprop: 0.05, Adam: 0.3 },
  },
  saddle: {
    height: (x, y) => x.square().div(4).sub(y.square().div(8)).add(y.square().square().div(128)).add(0.5), formula: "x²/4 − y²/8 + y⁴/128 + 1/2", start: [-3.2, 0.02],
    rates: { SGD: 0.3, momentum: 0.1, NAG: 0.1, Adagrad: 0.5, Adadelta: 1, RMSprop: 0.05, Adam: 0.1 },
  },
  bend: {
    height: (x, y) => x.mul(0.5).sub(1).square().add(y.mul(0.5).add(1).sub(x.square().mul(0.25)).square().mul(20)).div(10), formula: "((1 − x/2)² + 20 (1 + y/2 − x²/4)²) / 10", start: [-2.6, 0.5],
    rates: { SGD: 0.2, momentum: 0.1, NAG: 0.1, Adagrad: 0.7, Adadelta: 1, RMSprop: 0.05, Adam: 0.2 },
  },
  hollows: {
    height: (x, y) => x.square().add(y.square()).div(16).add(cos(x.mul(3)).add(cos(y.mul(3))).mul(-0.12).add(0.24)), formula: "(x² + y²)/16 + 0.12 (2 − cos 3x − cos 3y)", start: [-3.4, 2.9],
    rates: { SGD: 0.3, momentum: 0.3, NAG: 0.3, Adagrad: 0.5, Adadelta: 1, RMSprop: 0.05, Adam: 0.3 },
  },
} as const satisfies Readonly<Record<string, Surface>>;

export type SurfaceName = keyof typeof surfaces;
export const surfaceNames = ["ravine", "saddle", "bend", "hollows"] as const;

/** The part of the plane that figures show, in both directions. */
export const range = [-4, 4] as const;

export interface SurfaceRaceSettings {
  readonly surface: SurfaceName;
  readonly start: Place;
  readonly rates: Rates;
}

/** One optimizer on its way. */
export interface RacerView {
  readonly path: readonly Place[];
  /** The height of each point of the path. */
  readonly heights: readonly number[];
  /** The step after which it stays below {@link arrivedBelow}, so far. */
  readonly arrival: number | undefined;
  readonly diverged: boolean;
}

export interface SurfaceRaceView {
  readonly steps: number;
  readonly racers: Readonly<Record<OptimizerName, RacerView>>;
}

/** A racer below this height has arrived. */
export const arrivedBelow = 0.001;
const [lastStep, farthest] = [300, 100];

interface Racer {
  step(): void;
  view(): RacerView;
}

function racerOf(name: OptimizerName, { surface, start, rates }: SurfaceRaceSettings): Racer {
  const point = new Variable(tensor(start, { dtype: "float64" }));
  const optimizer = optimizers[name]([point], rates[name]);
  const heightHere = (): Tensor => surfaces[surface].height(select(point.value, 0, 0), select(point.value, 0, 1));
  const path: Place[] = [start];
  const heights = [heightHere().item()];
  let diverged = false;
  return {
    step() {
      if (diverged) return;
      optimizer.step(valueAndGrad(heightHere, [point]).gradients);
      const [x = NaN, y = NaN] = point.value.toArray() as number[];
      path.push([x, y]);
      heights.push(heightHere().item());
      diverged = !(Math.hypot(x, y) < farthest);
    },
    view() {
      const arrival = heights.findLastIndex((height) => !(height < arrivedBelow)) + 1;
      return { path: [...path], heights: [...heights], arrival: arrival < heights.length ? arrival : undefined, diverged };
    },
  };
}

/** Optimizers that go down one surface from one point, step by step. */
export function surfaceRace(settings: SurfaceRaceSettings): Task<SurfaceRaceView> {
  const racer = (name: OptimizerName): Racer => racerOf(name, settings);
  const racers: Readonly<Record<OptimizerName, Racer>> = { SGD: racer("SGD"), momentum: racer("momentum"), NAG: racer("NAG"), Adagrad: racer("Adagrad"), Adadelta: racer("Adadelta"), RMSprop: racer("RMSprop"), Adam: racer("Adam") };
  const view = (name: OptimizerName): RacerView => racers[name].view();
  let steps = 0;
  return {
    step() {
      for (const name of optimizerNames) racers[name].step();
      steps += 1;
    },
    view: () => ({ steps, racers: { SGD: view("SGD"), momentum: view("momentum"), NAG: view("NAG"), Adagrad: view("Adagrad"), Adadelta: view("Adadelta"), RMSprop: view("RMSprop"), Adam: view("Adam") } }),
    isDone: () => steps >= lastStep,
  };
}

/** The heights of a grid of points, row by row from the lowest y, each row from the left. */
export function heightGrid(surface: SurfaceName, side: number): readonly number[] {
  const along = linspace(...range, side, { dtype: "float64" });
  return surfaces[surface].height(along.reshape([1, side]), along.reshape([side, 1])).reshape([side * side]).toArray() as number[];
}
