import { Pad, type PaddingWidths } from "./pad.js";

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
