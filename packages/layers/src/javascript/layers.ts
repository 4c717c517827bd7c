import { Identity } from "../linear/identity.js";
import { Linear } from "../linear/linear.js";
import { BatchNorm1d } from "../normalization/batch-norm.js";
import { AlphaDropout } from "../regularization/alpha-dropout.js";
import { Dropout } from "../regularization/dropout.js";
import { GaussianNoise } from "../regularization/gaussian-noise.js";
import { Flatten } from "../shape/flatten.js";
import { activationRules } from "./activations.js";
import { listLiteral } from "./literal.js";
import { rule, unchanged, type LayerCode, type LayerRule } from "./rule.js";

function dense({ weight: { value: weight }, bias, inFeatures, outFeatures }: Linear): LayerCode {
  const offsets = bias === undefined ? new Array<number>(outFeatures).fill(0) : bias.value.toTypedArray();
  return { result: "dense(x, $weight, $bias)", constants: { weight, bias: listLiteral(offsets, weight.dtype) }, functions: ["dense"], inputs: inFeatures, outputs: outFeatures };
}

/** In evaluation mode: `x · scale + shift` with `scale = weight / √(var + ε)` and `shift = bias − mean · scale`. Without running statistics there is none. */
function batchNorm({ features, epsilon, weight, bias, runningMean, runningVar }: BatchNorm1d): LayerCode | undefined {
  if (runningMean === undefined || runningVar === undefined) return undefined;
  const { dtype } = runningMean.value;
  const [means, weights, offsets] = [runningMean.value.toTypedArray(), weight?.value.toTypedArray(), bias?.value.toTypedArray()];
  const scale = Array.from(runningVar.value.toTypedArray(), (variance, at) => (weights?.[at] ?? 1) / Math.sqrt(variance + epsilon));
  const shift = scale.map((factor, at) => (offsets?.[at] ?? 0) - (means[at] ?? 0) * factor);
  return { result: "x.map((v, at) => v * $scale[at] + $shift[at])", constants: { scale: listLiteral(scale, dtype), shift: listLiteral(shift, dtype) }, inputs: features };
}

/** How each layer is written. */
export const layerRules: readonly LayerRule[] = [
  rule(Linear, dense),
  rule(BatchNorm1d, batchNorm),
  rule(Identity, () => unchanged),
  rule(Dropout, () => unchanged),
  rule(AlphaDropout, () => unchanged),
  rule(GaussianNoise, () => unchanged),
  // A row has one axis besides that of the batch.
  rule(Flatten, ({ startAxis }) => (startAxis === 1 || startAxis === -1 ? unchanged : undefined)),
  ...activationRules,
];
