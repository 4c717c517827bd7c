import type { Tensor } from "@nn/tensor";
import { encode } from "fast-png";

/** Options of {@link imageGrid}. */
export interface ImageGridOptions {
  readonly columns: number;
  /** The side of an image pixel in pixels of the picture; default 4. */
  readonly scale?: number;
}

/** Grey images `[N, height, width]` of values from 0 (black) to 1, side by side with a gap between them, as a PNG file. */
export function imageGrid(images: Tensor, { columns, scale = 4 }: ImageGridOptions): Uint8Array {
  const [count, height, width] = images.shape as readonly [number, number, number];
  const gap = 2;
  const [cellWidth, cellHeight] = [width * scale + gap, height * scale + gap];
  const picture = { width: columns * cellWidth + gap, height: Math.ceil(count / columns) * cellHeight + gap, channels: 1, depth: 8 } as const;
  const data = new Uint8Array(picture.width * picture.height).fill(96);
  const values = images.toTypedArray();
  for (let image = 0; image < count; image++) {
    const left = gap + (image % columns) * cellWidth;
    const top = gap + Math.floor(image / columns) * cellHeight;
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const value = values[(image * height + Math.floor(y / scale)) * width + Math.floor(x / scale)] ?? 0;
        data[(top + y) * picture.width + left + x] = Math.round(255 * Math.min(1, Math.max(0, value)));
      }
    }
  }
  return encode({ ...picture, data });
}
