import { Pad, type PaddingWidths } from "./pad.js";

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
