import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Puts around sequences what stands at their other end. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 * @throws ShapeError if a width is more than the axis.
 */
export class CircularPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "circular" });
  }
}

/**
 * Puts around images what stands at their other end. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 * @throws ShapeError if a width is more than the axis.
 */
export class CircularPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "circular" });
  }
}

/**
 * Puts around volumes what stands at their other end. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 * @throws ShapeError if a width is more than the axis.
 */
export class CircularPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "circular" });
  }
}
