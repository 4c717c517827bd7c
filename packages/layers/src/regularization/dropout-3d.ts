import type { RandomOptions } from "@nn/tensor";
import { ChannelDropout } from "./channel-dropout.js";

/**
 * Sets whole channels of volumes to zero with a probability; see `Dropout1d`.
 *
 * Shapes: `[N, C, D, H, W]` or `[C, D, H, W]`, output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class Dropout3d extends ChannelDropout {
  constructor(probability = 0.5, random: RandomOptions = {}) {
    super(3, probability, random);
  }
}
