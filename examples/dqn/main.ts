import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { huber } from "@nn/losses";
import { Adam, clipByValue } from "@nn/optim";
import { argMax, gather, Generator, squeeze, tensor, uniform, unsqueeze, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { CartPole, longest, type State } from "./cart-pole.js";

/** The discount factor: later rewards count less. */
const discount = 0.99;
const batchSize = 64;
const capacity = 50_000;

/** The number of steps between trials without random actions, and how long the pole must stay up in a trial to end the training. */
const [trialEvery, solved] = [2000, 495];

/** One step of experience; its reward is always 1. */
interface Experience {
  readonly state: State;
  readonly action: number;
  readonly next: State;
  readonly fell: boolean;
}

/** Uniform numbers from 0 to 1, reproducible. */
function randomSource(seed: number): () => number {
  const generator = new Generator(seed);
  let numbers: ArrayLike<number> = [];
  let at = 0;
  return () => {
    if (at === numbers.length) [numbers, at] = [uniform([4096], { generator }).toTypedArray(), 0];
    return numbers[at++] ?? 0;
  };
}

const createNetwork = (generator: Generator) =>
  new Sequential(new Linear(4, 128, { generator }), new ReLU(), new Linear(128, 128, { generator }), new ReLU(), new Linear(128, 2, { generator }));

/**
 * A deep Q network (Mnih et al. 2015): it estimates the discounted sum of rewards of each action, from experience that is replayed in random order. The
 * network chooses the actions of the targets, and a slowly updated copy evaluates them (van Hasselt et al. 2016).
 */
export function createAgent(seed: number) {
  const network = createNetwork(new Generator(seed));
  const target = createNetwork(new Generator(seed));
  const [parameters, targets] = [network.parameters(), target.parameters()];
  const optimizer = new Adam(parameters, { learningRate: 1e-3 });

  const act = compile((state: Tensor) => argMax(network.forward(state), -1));

  const learn = compile((state: Tensor, action: Tensor, next: Tensor, fell: Tensor): Tensor => {
    const best = argMax(network.forward(next), -1);
    const later = squeeze(gather(target.forward(next), unsqueeze(best, 1), 1), 1);
    const wanted = later.mul(fell.sub(1).mul(-discount)).add(1);
    const { value, gradients } = valueAndGrad(() => huber(squeeze(gather(network.forward(state), unsqueeze(action, 1), 1), 1), wanted), parameters);
    optimizer.step(clipByValue(gradients, 1));
    for (const [at, each] of targets.entries()) each.value = each.value.mul(0.995).add((parameters[at] ?? each).value.mul(0.005));
    return value;
  });
  return { act: (state: State): number => act(tensor(state)).item(), learn };
}

/** A trained agent, and the number of steps of each training episode. */
export interface Training {
  readonly act: (state: State) => number;
  readonly episodes: readonly number[];
}

/** Trains an agent until it keeps the pole up, for at most `steps` steps of the cart; `onEpisode` receives the length of each episode. */
export function train({ seed = 1, steps = 100_000, onEpisode = () => undefined }: {
  readonly seed?: number; readonly steps?: number; readonly onEpisode?: (length: number) => void;
} = {}): Training {
  const random = randomSource(seed + 100);
  const cart = new CartPole(random);
  const { act, learn } = createAgent(seed);
  const memory: Experience[] = [];
  const episodes: number[] = [];
  let [state, length] = [cart.reset(), 0];
  for (let step = 0; step < steps; step++) {
    // The probability of random actions falls over time.
    const exploring = random() < Math.max(0.02, 1 - step / 5000);
    const action = exploring ? Math.floor(random() * 2) : act(state);
    const { state: next, fell, ended } = cart.step(action);
    memory[step % capacity] = { state, action, next, fell };
    [state, length] = [next, length + 1];
    if (ended) {
      episodes.push(length);
      onEpisode(length);
      [state, length] = [cart.reset(), 0];
    }
    if (memory.length < 1000) continue;
    if (step % trialEvery === 0 && mean(play(act, 20, seed + 5000)) >= solved) break;
    const batch = Array.from({ length: batchSize }, () => memory[Math.floor(random() * memory.length)]).filter((each) => each !== undefined);
    learn(
      tensor(batch.map((each) => each.state)), tensor(batch.map((each) => each.action), { dtype: "int32" }),
      tensor(batch.map((each) => each.next)), tensor(batch.map((each) => Number(each.fell)), { dtype: "float32" }),
    );
  }
  return { act, episodes };
}

/** How many steps the pole stays up in new episodes without random actions. */
export function play(act: (state: State) => number, episodes: number, seed = 1000): number[] {
  const cart = new CartPole(randomSource(seed));
  return Array.from({ length: episodes }, () => {
    let state = cart.reset();
    for (let step = 1; ; step++) {
      const result = cart.step(act(state));
      if (result.ended) return step;
      state = result.state;
    }
  });
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function main(): void {
  console.log(`A deep Q network learns to balance a pole on a cart. An episode lasts ${longest} steps at most; by chance, about 22.`);
  const progress = new Progress("episodes", 500);
  const { act, episodes } = train({ onEpisode: (length) => progress.advance(`the last one lasted ${length} steps`) });
  progress.end();
  const played = play(act, 100);
  console.log(`${episodes.length} episodes of training, ${episodes.reduce((sum, length) => sum + length, 0)} steps; 100 new episodes last ${mean(played).toFixed(1)} steps on average, ${Math.min(...played)} at least (solved: 475)`);
  savePicture("dqn.svg", chart([
    { name: "episode", points: episodes.map((length, at) => [at + 1, length] as const), as: "points" },
    { name: "mean of twenty", points: episodes.map((_, at) => [at + 1, mean(episodes.slice(Math.max(0, at - 19), at + 1))] as const) },
  ], { title: "How long the pole stays up", xLabel: "episode", yLabel: "steps" }));
}
