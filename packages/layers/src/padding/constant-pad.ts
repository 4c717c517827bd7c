import { requireKind } from "@nn/tensor/extend";
import { Pad, type PaddingWidths } from "./pad.js";

/**
 * Puts one number around sequences. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
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
 * Puts one number around images. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
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
 * Puts one number around volumes. The widths are one number for all sides, or for each spatial axis, in order, one
 * for both sides or a `[before, after]` pair; negative ones take elements away. (PyTorch: one flat list, the last axis first.)
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
