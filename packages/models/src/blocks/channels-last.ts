import { LayerNorm, Module } from "@nn/layers";
import { permute, type Tensor } from "@nn/tensor";

/** Moves the channels of images to the end: `[N, C, H, W]` to `[N, H, W, C]`. */
export class ChannelsLast extends Module {
  forward(x: Tensor): Tensor {
    return permute(x, [0, 2, 3, 1]);
  }
}

/** Moves the channels of images back: `[N, H, W, C]` to `[N, C, H, W]`. */
export class ChannelsFirst extends Module {
  forward(x: Tensor): Tensor {
    return permute(x, [0, 3, 1, 2]);
  }
}

/** Layer normalisation over the channels of each pixel of `[N, C, H, W]`. */
export class LayerNorm2d extends LayerNorm {
  override forward(x: Tensor): Tensor {
    return permute(super.forward(permute(x, [0, 2, 3, 1])), [0, 3, 1, 2]);
  }
}
