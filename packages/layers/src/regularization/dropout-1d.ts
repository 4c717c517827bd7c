import type { RandomOptions } from "@nn/tensor";
import { ChannelDropout } from "./channel-dropout.js";

/**
 * Sets whole channels of sequences to zero with a probability and scales the others by `1 / (1 − probability)`; in evaluation mode the
 * input itself (Tompson et al. 2015). Neighbouring places say much the same, so dropping single ones would regularise little.
 *
 * Shapes: `[N, C, L]` or `[C, L]`, output as input.
 * @throws ArgumentError unless the probability is from 0 to 1.
 */
export class Dropout1d extends ChannelDropout {
  constructor(probability = 0.5, random: RandomOptions = {}) {
    super(1, probability, random);
  }
}
