/**
 * The multiple of `divisor` that is nearest to `channels`, but at least 90 % of it: how the MobileNets and EfficientNets round the
 * number of channels of a narrower or wider network. The same as torchvision's `_make_divisible`.
 */
export function divisibleChannels(channels: number, divisor = 8): number {
  const nearest = Math.max(divisor, Math.floor((channels + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * channels ? nearest + divisor : nearest;
}
