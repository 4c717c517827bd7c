import { Dropout, GELU, Linear, Sequential, xavierUniform, type LinearOptions } from "@nn/layers";
import { normal } from "@nn/tensor";

/** Two linear maps with GELU between them, each followed by dropout: `"0.weight"`, `"3.weight"`, as torchvision's `MLP` in vision transformers. */
export class PerceptronBlock extends Sequential {
  constructor(features: number, hidden: number, dropout: number, initial: Pick<LinearOptions, "initializeWeight" | "initializeBias"> = glorot) {
    super(new Linear(features, hidden, initial), new GELU(), new Dropout(dropout), new Linear(hidden, features, initial), new Dropout(dropout));
  }
}

const glorot: Pick<LinearOptions, "initializeWeight" | "initializeBias"> = {
  initializeWeight: xavierUniform, initializeBias: (shape, options) => normal(shape, { ...options, std: 1e-6 }),
};
