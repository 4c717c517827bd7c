import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Pads sequences with their mirror image, without repeating the edge. `widths` is one number for all sides, or one entry for each spatial axis in order: a number for both
 * sides, or a `[before, after]` pair. (PyTorch takes one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 * @throws ShapeError if a width is not less than the size of the axis.
 */
export class ReflectionPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "reflect" });
  }
}

/**
 * Pads images with their mirror image, without repeating the edge; see {@link ReflectionPad1d}.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 * @throws ShapeError if a width is not less than the size of the axis.
 */
export class ReflectionPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "reflect" });
  }
}

/**
 * Pads volumes with their mirror image, without repeating the edge; see {@link ReflectionPad1d}.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 * @throws ShapeError if a width is not less than the size of the axis.
 */
export class ReflectionPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "reflect" });
  }
}
