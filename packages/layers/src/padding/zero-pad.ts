import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Pads sequences with zeros. `widths` is one number for all sides, or one entry for each spatial axis in order: a number for both
 * sides, or a `[before, after]` pair. Negative widths remove elements. (PyTorch takes one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 */
export class ZeroPad1d extends Pad {
  constructor(widths: PaddingWidths) {
    super(1, widths, { mode: "constant" });
  }
}

/**
 * Pads images with zeros; see {@link ZeroPad1d}.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 */
export class ZeroPad2d extends Pad {
  constructor(widths: PaddingWidths) {
    super(2, widths, { mode: "constant" });
  }
}

/**
 * Pads volumes with zeros; see {@link ZeroPad1d}.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 */
export class ZeroPad3d extends Pad {
  constructor(widths: PaddingWidths) {
    super(3, widths, { mode: "constant" });
  }
}
