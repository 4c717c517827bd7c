import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Pads sequences with copies of their edge. `widths` is one number for all sides, or one entry for each spatial axis in order: a number for both
 * sides, or a `[before, after]` pair. (PyTorch takes one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 */
export class ReplicationPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "replicate" });
  }
}

/**
 * Pads images with copies of their edge; see {@link ReplicationPad1d}.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 */
export class ReplicationPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "replicate" });
  }
}

/**
 * Pads volumes with copies of their edge; see {@link ReplicationPad1d}.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 */
export class ReplicationPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "replicate" });
  }
}
