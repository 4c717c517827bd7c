import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Puts zeros around sequences. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 */
export class ZeroPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "constant" });
  }
}

/**
 * Puts zeros around images. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 */
export class ZeroPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "constant" });
  }
}

/**
 * Puts zeros around volumes. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 */
export class ZeroPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "constant" });
  }
}
