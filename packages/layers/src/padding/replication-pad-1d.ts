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
