import { normalizeChannels } from "@nn/images";
import type { Tensor } from "@nn/tensor";

/** Images as the network gets them: from 0 to 1 in a file, from −1 to 1 in the network. */
export const normalized = (images: Tensor): Tensor => normalizeChannels(images, { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
