import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Pads sequences with their mirror image, which repeats the edge. `widths` is one number for all sides, or one entry for each spatial axis in order: a number for both
 * sides, or a `[before, after]` pair. Not in PyTorch; NumPy: `mode="symmetric"`.
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 * @throws ShapeError if a width is greater than the size of the axis.
 */
export class SymmetricPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "symmetric" });
  }
}

/**
 * Pads images with their mirror image, which repeats the edge; see {@link SymmetricPad1d}.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 * @throws ShapeError if a width is greater than the size of the axis.
 */
export class SymmetricPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "symmetric" });
  }
}

/**
 * Pads volumes with their mirror image, which repeats the edge; see {@link SymmetricPad1d}.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 * @throws ShapeError if a width is greater than the size of the axis.
 */
export class SymmetricPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "symmetric" });
  }
}
