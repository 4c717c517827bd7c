import { requireKind } from "@nn/tensor/extend";
import { Pad, type PaddingWidths } from "./pad.js";

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
