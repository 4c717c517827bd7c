import { Dropout, Linear, Module, Parameter, type LinearOptions } from "@nn/layers";
import { add, indexSelect, matmul, mul, pad, permute, reshape, roll, select, slice, softmax, tensor, truncatedNormal, Variable, type Tensor } from "@nn/tensor";

/** A pair of sizes: along the height and along the width. */
export type Pair = readonly [height: number, width: number];

/** What {@link WindowAttention} consists of. */
export interface WindowAttentionSettings {
  readonly features: number;
  readonly heads: number;
  readonly window: Pair;
  /** By how much the windows are moved; zeros for none. */
  readonly shift: Pair;
  readonly dropout: number;
  readonly attentionDropout: number;
  /** The initial values of the linear maps. */
  readonly initial: LinearOptions;
}

/**
 * Self-attention inside windows of an image, with a learned bias for each relative position (Liu et al. 2021): torchvision's `ShiftedWindowAttention`. The image is padded to whole windows.
 * Windows that are moved wrap around the edges; pixels that were not neighbours do not attend to one another.
 *
 * Shapes: `[N, H, W, features]`, output as input. `relativePositionBiasTable` `[(2h − 1)(2w − 1), heads]`, `relativePositionIndex` `[(h w)²]` for windows of h × w pixels.
 */
export class WindowAttention extends Module {
  readonly relativePositionBiasTable: Parameter;
  readonly relativePositionIndex: Variable;
  readonly qkv: Linear;
  readonly proj: Linear;
  readonly attentionDropout: Dropout;
  readonly dropout: Dropout;
  readonly #heads: number;
  readonly #window: Pair;
  readonly #shift: Pair;

  constructor({ features, heads, window, shift, dropout, attentionDropout, initial }: WindowAttentionSettings) {
    super();
    const [height, width] = window;
    const table = truncatedNormal([(2 * height - 1) * (2 * width - 1), heads], { std: 0.02, low: -2, high: 2 });
    this.relativePositionBiasTable = new Parameter(table, { name: "WindowAttention.relativePositionBiasTable" });
    this.relativePositionIndex = new Variable(relativePositions(window), { name: "WindowAttention.relativePositionIndex" });
    this.qkv = new Linear(features, 3 * features, initial);
    this.proj = new Linear(features, features, initial);
    this.attentionDropout = new Dropout(attentionDropout);
    this.dropout = new Dropout(dropout);
    this.#heads = heads;
    this.#window = window;
    this.#shift = shift;
  }

  forward(x: Tensor): Tensor {
    const [batch = 0, height = 0, width = 0, features = 0] = x.shape;
    const [windowHeight, windowWidth] = this.#window;
    const tall = Math.ceil(height / windowHeight) * windowHeight;
    const wide = Math.ceil(width / windowWidth) * windowWidth;
    // A window as large as the image is not moved.
    const shift = [windowHeight >= tall ? 0 : this.#shift[0], windowWidth >= wide ? 0 : this.#shift[1]] as const;
    const padded = pad(x, [[0, tall - height], [0, wide - width], [0, 0]]);
    const windows = intoWindows(moved(padded, [-shift[0], -shift[1]]), this.#window);
    const attended = this.#attend(windows, regionMask([tall, wide], this.#window, shift), batch);
    const whole = moved(outOfWindows(attended, this.#window, [batch, tall, wide, features]), shift);
    return slice(whole, [null, { stop: height }, { stop: width }]);
  }

  /** Attention of `[windows, pixels, features]`. The mask, if there is one, has an entry for each window of an image. */
  #attend(windows: Tensor, mask: Tensor | undefined, batch: number): Tensor {
    const [count = 0, length = 0, features = 0] = windows.shape;
    const size = features / this.#heads;
    const projected = permute(reshape(this.qkv.forward(windows), [count, length, 3, this.#heads, size]), [2, 0, 3, 1, 4]);
    const [queries, keys, values] = [0, 1, 2].map((at) => select(projected, 0, at)) as [Tensor, Tensor, Tensor];
    const products = add(matmul(mul(queries, size ** -0.5), permute(keys, [0, 1, 3, 2])), this.#bias(length));
    const masked = mask === undefined ? products
      : reshape(add(reshape(products, [batch, count / batch, this.#heads, length, length]), mask), products.shape);
    const weights = this.attentionDropout.forward(softmax(masked, -1));
    const output = reshape(permute(matmul(weights, values), [0, 2, 1, 3]), [count, length, features]);
    return this.dropout.forward(this.proj.forward(output));
  }

  /** The bias of each pair of pixels, `[1, heads, pixels, pixels]`. */
  #bias(length: number): Tensor {
    const rows = indexSelect(this.relativePositionBiasTable.value, this.relativePositionIndex.value, 0);
    return permute(reshape(rows, [1, length, length, this.#heads]), [0, 3, 1, 2]);
  }
}

/** For each pair of pixels of a window, the row of the table of biases: one for each pair of distances along the height and the width. */
function relativePositions([height, width]: Pair): Tensor {
  const pixels = Array.from({ length: height * width }, (_, at) => [Math.floor(at / width), at % width] as const);
  const rows = pixels.flatMap(([y, x]) => pixels.map(([otherY, otherX]) => (y - otherY + height - 1) * (2 * width - 1) + (x - otherX + width - 1)));
  return tensor(rows, { dtype: "int32" });
}

function moved(x: Tensor, [down, right]: Pair): Tensor {
  return down === 0 && right === 0 ? x : roll(x, [down, right], [1, 2]);
}

/** `[N, H, W, C]` to `[N · windows, pixels, C]`. */
function intoWindows(x: Tensor, [height, width]: Pair): Tensor {
  const [batch = 0, tall = 0, wide = 0, features = 0] = x.shape;
  const grid = reshape(x, [batch, tall / height, height, wide / width, width, features]);
  return reshape(permute(grid, [0, 1, 3, 2, 4, 5]), [(batch * tall * wide) / (height * width), height * width, features]);
}

/** Reverses {@link intoWindows}. */
function outOfWindows(windows: Tensor, [height, width]: Pair, [batch, tall, wide, features]: readonly [number, number, number, number]): Tensor {
  const grid = reshape(windows, [batch, tall / height, wide / width, height, width, features]);
  return reshape(permute(grid, [0, 1, 3, 2, 4, 5]), [batch, tall, wide, features]);
}

/** What is added to the products in moved windows, `[windows, 1, pixels, pixels]`: 0 for pixels of the same region of the image, −100 for others. */
function regionMask([tall, wide]: Pair, [height, width]: Pair, [down, right]: Pair): Tensor | undefined {
  if (down === 0 && right === 0) return undefined;
  // Along an axis there are up to three regions: whole windows, the rest of the last one, and what came from the other end.
  const region = (at: number, length: number, window: number, shift: number): number => (at < length - window ? 0 : at < length - shift ? 1 : 2);
  const regionOf = (y: number, x: number): number => 3 * region(y, tall, height, down) + region(x, wide, width, right);
  const windows = Array.from({ length: (tall / height) * (wide / width) }, (_, at) => {
    const [top, left] = [Math.floor(at / (wide / width)) * height, (at % (wide / width)) * width];
    return Array.from({ length: height * width }, (__, pixel) => regionOf(top + Math.floor(pixel / width), left + (pixel % width)));
  });
  const numbers = windows.flatMap((regions) => regions.flatMap((own) => regions.map((other) => (own === other ? 0 : -100))));
  return tensor(numbers, { shape: [windows.length, 1, height * width, height * width] });
}
