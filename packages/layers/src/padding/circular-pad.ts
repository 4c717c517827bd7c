import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Pads sequences with the elements from their other end. `widths` is one number for all sides, or one entry for each spatial axis in order: a number for both
 * sides, or a `[before, after]` pair. (PyTorch takes one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 * @throws ShapeError if a width is greater than the size of the axis.
 */
export class CircularPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "circular" });
  }
}

/**
 * Pads images with the elements from their other end; see {@link CircularPad1d}.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 * @throws ShapeError if a width is greater than the size of the axis.
 */
export class CircularPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "circular" });
  }
}

/**
 * Pads volumes with the elements from their other end; see {@link CircularPad1d}.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 * @throws ShapeError if a width is greater than the size of the axis.
 */
export class CircularPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "circular" });
  }
}
