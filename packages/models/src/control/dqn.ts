import { Conv2d, Linear, Module, takeOptions } from "@nn/layers";
import { flatten, relu, type Tensor } from "@nn/tensor";
import type { OptionKinds } from "@nn/tensor/extend";
import { requireGiven } from "../blocks/requirements.js";

/** Options of {@link DQN}. */
export interface DQNOptions {
  /** The number of observations. */
  readonly observations: number;
  /** The number of actions. */
  readonly actions: number;
  /** The features of the hidden layers; default 128. */
  readonly hidden?: number | undefined;
}

/** Options of {@link NatureDQN}. */
export interface NatureDQNOptions {
  /** The number of pictures that the network sees at once; default 4. */
  readonly frames?: number | undefined;
  /** The number of actions. */
  readonly actions: number;
}

const dqnOptions: OptionKinds<DQNOptions> = { observations: "count", actions: "count", hidden: "count" };
const natureOptions: OptionKinds<NatureDQNOptions> = { frames: "count", actions: "count" };

/**
 * A network of Q-values of a few observations, as in PyTorch's tutorial of deep Q-learning (Mnih et al. 2013): `layer1`, relu, `layer2`, relu, `layer3`.
 *
 * Shapes: input `[N, observations]`, output `[N, actions]`: the expected sum of future rewards of each action; 17,410 parameters for 4 observations and 2 actions.
 */
export class DQN extends Module {
  readonly layer1: Linear;
  readonly layer2: Linear;
  readonly layer3: Linear;

  constructor(options: DQNOptions) {
    super();
    takeOptions("DQN", this, options, dqnOptions);
    requireGiven("DQN", options, ["observations", "actions"]);
    const { observations, actions, hidden = 128 } = options;
    this.layer1 = new Linear(observations, hidden);
    this.layer2 = new Linear(hidden, hidden);
    this.layer3 = new Linear(hidden, actions);
  }

  forward(x: Tensor): Tensor {
    return this.layer3.forward(relu(this.layer2.forward(relu(this.layer1.forward(x)))));
  }
}

/**
 * The network of Q-values of pictures (Mnih et al. 2015, "Human-level control through deep reinforcement learning").
 *
 * | layer | output |
 * | --- | --- |
 * | `conv1` 8 × 8, stride 4, relu | `[N, 32, 20, 20]` |
 * | `conv2` 4 × 4, stride 2, relu | `[N, 64, 9, 9]` |
 * | `conv3` 3 × 3, relu | `[N, 64, 7, 7]` |
 * | `fc1`, relu | `[N, 512]` |
 * | `fc2` | `[N, actions]` |
 *
 * Shapes: input `[N, frames, 84, 84]`, output `[N, actions]`; 1,687,206 parameters for 4 frames and 6 actions.
 */
export class NatureDQN extends Module {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly conv3: Conv2d;
  readonly fc1: Linear;
  readonly fc2: Linear;

  constructor(options: NatureDQNOptions) {
    super();
    takeOptions("NatureDQN", this, options, natureOptions);
    requireGiven("NatureDQN", options, ["actions"]);
    const { frames = 4, actions } = options;
    this.conv1 = new Conv2d(frames, 32, 8, { stride: 4 });
    this.conv2 = new Conv2d(32, 64, 4, { stride: 2 });
    this.conv3 = new Conv2d(64, 64, 3);
    this.fc1 = new Linear(3136, 512);
    this.fc2 = new Linear(512, actions);
  }

  forward(x: Tensor): Tensor {
    const features = [this.conv1, this.conv2, this.conv3].reduce((input, layer) => relu(layer.forward(input)), x);
    return this.fc2.forward(relu(this.fc1.forward(flatten(features, 1))));
  }
}
