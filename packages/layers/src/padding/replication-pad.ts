import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Repeats the border of sequences around them. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 */
export class ReplicationPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "replicate" });
  }
}

/**
 * Repeats the border of images around them. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 */
export class ReplicationPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "replicate" });
  }
}

/**
 * Repeats the border of volumes around them. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 */
export class ReplicationPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "replicate" });
  }
}
