import { requireKind } from "@nn/tensor/extend";
import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Pads sequences with one number. `widths` is one number for all sides, or one entry for each spatial axis in order: a number for both
 * sides, or a `[before, after]` pair. Negative widths remove elements. (PyTorch takes one flat list, the last axis first.)
 *
 * Shapes: input `[N, C, L]` or `[C, L]`.
 */
export class ConstantPad1d extends Pad {
  readonly value: number;

  constructor(widths: PaddingWidths, value: number) {
    requireKind(new.target.name, "value", value, "number");
    super(1, widths, { mode: "constant", value });
    this.value = value;
  }
}

/**
 * Pads images with one number; see {@link ConstantPad1d}.
 *
 * Shapes: input `[N, C, H, W]` or `[C, H, W]`.
 */
export class ConstantPad2d extends Pad {
  readonly value: number;

  constructor(widths: PaddingWidths, value: number) {
    requireKind(new.target.name, "value", value, "number");
    super(2, widths, { mode: "constant", value });
    this.value = value;
  }
}

/**
 * Pads volumes with one number; see {@link ConstantPad1d}.
 *
 * Shapes: input `[N, C, D, H, W]` or `[C, D, H, W]`.
 */
export class ConstantPad3d extends Pad {
  readonly value: number;

  constructor(widths: PaddingWidths, value: number) {
    requireKind(new.target.name, "value", value, "number");
    super(3, widths, { mode: "constant", value });
    this.value = value;
  }
}
