import { Hardtanh } from "./hardtanh.js";

/** Rectified linear unit that ends at 6: `min(max(x, 0), 6)` (Howard et al. 2017). The gradient at 0 and at 6 is 0. */
export class ReLU6 extends Hardtanh {
  constructor() {
    super(0, 6);
  }
}
