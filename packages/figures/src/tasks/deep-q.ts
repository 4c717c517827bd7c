import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { huber } from "@nn/losses";
import { Adam, clipByValue } from "@nn/optim";
import { argMax, gather, Generator, squeeze, tensor, uniform, unsqueeze, type Tensor } from "@nn/tensor";
import { isLost, lengthOf, longestEpisode, pushed, startOf, type CartState, type Push } from "./cart-pole.js";
import { numbersOf } from "./digit-network.js";
import { bestOf, createQNetwork } from "./q-network.js";
import type { Task } from "./task.js";

export interface DeepQSettings {
  /** The discount factor: a reward counts less by it for each step until it comes. */
  readonly discount: number;
  /** Whether the network learns from experience in random order, or from the last steps only. */
  readonly replay: boolean;
  readonly seed: number;
}

export interface DeepQView {
  readonly steps: number;
  /** The number of steps of each episode that has ended, in order. */
  readonly episodes: readonly number[];
  /** The probability of an action by chance at the end of each of these episodes. */
  readonly exploration: readonly number[];
  /** The probability of an action by chance now. */
  readonly epsilon: number;
  /** The mean number of steps of some episodes without actions by chance, when it was measured last; `undefined` before. */
  readonly trial: number | undefined;
  /** The values of all parameters of the network, for an `Agent`. */
  readonly parameters: readonly (readonly number[])[];
}

const [batch, capacity, warmUp, exploringSteps, leastEpsilon, follow, learningRate] = [128, 20_000, 300, 3000, 0.02, 0.01, 1e-3];
const [mostSteps, trialEvery, trials, enough] = [20_000, 1000, 5, 490];

/** One step of experience; its reward is always 1. */
interface Experience {
  readonly state: CartState;
  readonly action: number;
  readonly next: CartState;
  readonly lost: boolean;
}

/** Uniform numbers from 0 to 1. */
function randomSource(generator: Generator): () => number {
  let numbers: ArrayLike<number> = [];
  let at = 0;
  return () => {
    if (at === numbers.length) [numbers, at] = [uniform([1024], { generator }).toTypedArray(), 0];
    return Number(numbers[at++]);
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The probability of an action by chance: from 1 down to a fiftieth. */
const epsilonAt = (step: number): number => Math.max(leastEpsilon, 1 - step / exploringSteps);

/**
 * Learns to balance a pole on a cart by a deep Q network (Mnih et al. 2015): it estimates the discounted sum of rewards of each action, from experience that
 * is replayed in random order. The network chooses the actions of the targets, and a slowly updated copy evaluates them (van Hasselt et al. 2016).
 * A step is one push of the cart, and one step of the optimizer.
 */
export function deepQ({ discount, replay, seed }: DeepQSettings): Task<DeepQView> {
  const [network, copy] = [createQNetwork(new Generator(seed)), createQNetwork(new Generator(seed))];
  const [parameters, targets] = [network.parameters(), copy.parameters()];
  const optimizer = new Adam(parameters, { learningRate });
  const evaluate = compile((state: Tensor) => network.forward(state));
  const learn = compile((state: Tensor, action: Tensor, next: Tensor, lost: Tensor): Tensor => {
    const best = argMax(network.forward(next), -1);
    const later = squeeze(gather(copy.forward(next), unsqueeze(best, 1), 1), 1);
    const wanted = later.mul(lost.sub(1).mul(-discount)).add(1);
    const { value, gradients } = valueAndGrad(() => huber(squeeze(gather(network.forward(state), unsqueeze(action, 1), 1), 1), wanted), parameters);
    optimizer.step(clipByValue(gradients, 1));
    for (const [at, each] of targets.entries()) each.value = each.value.mul(1 - follow).add((parameters[at] ?? each).value.mul(follow));
    return value;
  });
  const act = (state: CartState): Push => {
    const [left = NaN, right = NaN] = numbersOf(evaluate(tensor([[...state]])));
    return bestOf([left, right]);
  };
  const random = randomSource(new Generator(seed + 100));
  const memory: Experience[] = [];
  /** One step of the optimizer on experience by chance, or on the last steps. */
  const improve = (): void => {
    const drawn = Array.from({ length: batch }, (_, at) => memory[replay ? Math.floor(random() * memory.length) : (steps - 1 - at) % capacity]).filter((each) => each !== undefined);
    learn(
      tensor(drawn.map(({ state }) => [...state])), tensor(drawn.map(({ action }) => action), { dtype: "int32" }),
      tensor(drawn.map(({ next }) => [...next])), tensor(drawn.map(({ lost }) => Number(lost)), { dtype: "float32" }),
    );
  };
  const tried = (): number => {
    const start = randomSource(new Generator(seed + 200));
    return mean(Array.from({ length: trials }, () => lengthOf(act, startOf(start))));
  };
  const [episodes, exploration]: [number[], number[]] = [[], []];
  let [state, length, steps] = [startOf(random), 0, 0];
  let trial: number | undefined;
  return {
    step() {
      const push = random() < epsilonAt(steps) ? (random() < 0.5 ? -1 : 1) : act(state);
      const next = pushed(state, push);
      const lost = isLost(next);
      memory[steps % capacity] = { state, action: push === 1 ? 1 : 0, next, lost };
      [state, length, steps] = [next, length + 1, steps + 1];
      if (lost || length >= longestEpisode) {
        episodes.push(length);
        exploration.push(epsilonAt(steps));
        [state, length] = [startOf(random), 0];
      }
      if (steps >= warmUp) improve();
      if (steps % trialEvery === 0) trial = tried();
    },
    view: () => ({ steps, episodes: [...episodes], exploration: [...exploration], epsilon: epsilonAt(steps), trial, parameters: parameters.map(({ value }) => numbersOf(value)) }),
    isDone: () => steps >= mostSteps || (trial ?? 0) >= enough,
  };
}
