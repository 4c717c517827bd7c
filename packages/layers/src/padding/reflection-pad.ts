import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Puts their mirror image around sequences; the border itself is not repeated. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 * @throws ShapeError if a width is not less than the axis.
 */
export class ReflectionPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "reflect" });
  }
}

/**
 * Puts their mirror image around images; the border itself is not repeated. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 * @throws ShapeError if a width is not less than the axis.
 */
export class ReflectionPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "reflect" });
  }
}

/**
 * Puts their mirror image around volumes; the border itself is not repeated. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 * @throws ShapeError if a width is not less than the axis.
 */
export class ReflectionPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "reflect" });
  }
}
