/** Multiplications and additions of a product of `[m, k]` and `[k, n]`. */
export const product = (m: number, k: number, n: number): number => 2 * m * k * n;

/** Forward and backward pass: three products for each product of the forward pass, less `data`: the first layer needs no gradient of its input. */
export const stepFlops = (forward: number, data = 0): number => 3 * forward - data;

/** ResNet-18 for an image of `size` x `size`: its convolutions and the dense layer, and of that the first convolution. */
export function resnet18Flops(size: number): { readonly forward: number; readonly first: number } {
  const first = product((size / 2) ** 2, 3 * 49, 64);
  const stages = [64, 128, 256, 512].map((channels, at) => {
    const pixels = (size / 4 / 2 ** at) ** 2;
    const entry = at === 0 ? product(pixels, 9 * channels, channels) : product(pixels, (9 * channels) / 2, channels) + product(pixels, channels / 2, channels);
    return entry + 3 * product(pixels, 9 * channels, channels);
  });
  return { forward: stages.reduce((sum, flops) => sum + flops, first) + product(1, 512, 1000), first };
}

/** Blocks of a Transformer, each with maps of `features` to four times as many and back, for `batch` texts of `steps` tokens. */
export function transformerBlocksFlops({ batch, steps, features, blocks }: { readonly batch: number; readonly steps: number; readonly features: number; readonly blocks: number }): number {
  const tokens = batch * steps;
  return blocks * (product(tokens, features, 12 * features) + 2 * product(tokens, features, steps));
}

/** Expansion, channels, blocks and stride of each stage of MobileNet v2. */
const mobilenetStages = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 1], [6, 160, 3, 2], [6, 320, 1, 1]] as const;

/** MobileNet v2 for an image of `size` x `size`: its convolutions and the dense layer. */
export function mobilenetFlops(size: number): number {
  let [side, channels] = [size / 2, 32];
  let flops = product(side ** 2, 27, channels);
  for (const [expansion, width, count, stride] of mobilenetStages) {
    for (let block = 0; block < count; block++) {
      const hidden = channels * expansion;
      if (expansion > 1) flops += product(side ** 2, channels, hidden);
      if (block === 0) side /= stride;
      flops += product(side ** 2, 9, hidden) + product(side ** 2, hidden, width);
      channels = width;
    }
  }
  return flops + product(side ** 2, channels, 1280) + product(1, 1280, 1000);
}
