import type { Module } from "@nn/layers";
import { binaryCrossEntropyWithLogits, crossEntropy, gaussianKlDivergence, smoothL1 } from "@nn/losses";
import { gather, max, narrow, onesLike, squeeze, unsqueeze, where, zerosLike, type Tensor } from "@nn/tensor";
import { lookUp } from "../outcome.js";
import type { Named } from "./calls.js";

/** What a loss is computed from. */
export interface LossContext {
  readonly inputs: Named;
  /** Outputs of the model in training mode. */
  readonly run: (inputs: Named, ...wanted: readonly string[]) => Named;
  /** A second network, frozen, whose names in the fill have a prefix; without a name it is one like the model. */
  readonly other: (prefix: string, name?: string, config?: Readonly<Record<string, unknown>>) => { readonly module: Module; readonly run: (inputs: Named, ...wanted: readonly string[]) => Named };
}

type Loss = (context: LossContext) => (inputs: Named) => Tensor;

const output = (outputs: Named, name: string): Tensor => lookUp(outputs, name);

/** Cross-entropies of outputs with the labels, each with a factor. */
const crossEntropies = (factors: Readonly<Record<string, number>>): Loss => ({ run }) => ({ labels, ...inputs }) => {
  const outputs = run(inputs, ...Object.keys(factors));
  const terms = Object.entries(factors).map(([name, factor]) => crossEntropy(output(outputs, name), labels as Tensor).mul(factor));
  return terms.reduce((sum, term) => sum.add(term));
};

const real = (logits: Tensor): Tensor => binaryCrossEntropyWithLogits(logits, onesLike(logits));
const fake = (logits: Tensor): Tensor => binaryCrossEntropyWithLogits(logits, zerosLike(logits));

/** The cross-entropy of the logits of each step, `[N, steps, classes]`, with the tokens, over those that are not −100. */
const tokenCrossEntropy = (logits: Tensor, tokens: Tensor, labelSmoothing = 0): Tensor =>
  crossEntropy(logits.reshape([-1, logits.shape[2] ?? 0]), tokens.reshape([-1]), { ignoreIndex: -100, labelSmoothing });

/** Steps of a tensor, along its second axis. */
const steps = (x: Tensor, from: number, to: number): Tensor => narrow(x, 1, from, to - from);

/** Our losses by the words of the recordings. */
const losses: Readonly<Record<string, Loss>> = {
  "mean cross-entropy of the logits with the integer labels": crossEntropies({ logits: 1 }),
  "mean cross-entropy over the positions whose label is not -100": ({ run }) => ({ labels, ...inputs }) => tokenCrossEntropy(output(run(inputs, "logits"), "logits"), labels as Tensor),
  "causal language modelling: mean cross-entropy of logits[:, t] with ids[:, t+1], t = 0..T-2": ({ run }) => (inputs) => {
    const [ids, logits] = [output(inputs, "ids"), output(run(inputs, "logits"), "logits")];
    const [, length = 0] = ids.shape;
    return tokenCrossEntropy(steps(logits, 0, length - 1), steps(ids, 1, length));
  },
  "teacher forcing: model(src, tgt[:, :-1]) against tgt[:, 1:], cross-entropy with label smoothing 0.1, mean over the targets that are not padding": ({ run }) => (inputs) => {
    const [target, padding] = [output(inputs, "tgt"), output(inputs, "tgtPadding")];
    const [, length = 0] = target.shape;
    const logits = output(run({ ...inputs, tgt: steps(target, 0, length - 1), tgtPadding: steps(padding, 0, length - 1) }, "logits"), "logits");
    return tokenCrossEntropy(logits, where(steps(padding, 1, length), -100, steps(target, 1, length)), 0.1);
  },
  "pixelwise cross-entropy, mean over all pixels": crossEntropies({ logits: 1 }),
  "pixelwise cross-entropy of `out`, mean over all pixels": crossEntropies({ out: 1 }),
  "pixelwise cross-entropy of `out`, mean over all pixels, plus 0.5 times that of `aux`": crossEntropies({ out: 1, aux: 0.5 }),
  "cross-entropy(logits) + 0.3 * (cross-entropy(aux_logits1) + cross-entropy(aux_logits2)), each the mean over the batch": crossEntropies({ logits: 1, auxLogits1: 0.3, auxLogits2: 0.3 }),
  "cross-entropy(logits) + 0.4 * cross-entropy(aux_logits), each the mean over the batch; BatchNorm eps is 0.001": crossEntropies({ logits: 1, auxLogits: 0.4 }),
  "(sum over the batch of binary cross-entropy of the logits with x, summed over pixels, plus -1/2 sum(1 + logVariance - mean^2 - exp(logVariance))) / batch size": ({ run }) => (inputs) => {
    const outputs = run(inputs, "reconstructionLogits", "mean", "logVariance");
    const x = output(inputs, "x");
    const reconstruction = binaryCrossEntropyWithLogits(output(outputs, "reconstructionLogits"), x, { reduction: "sum" });
    const divergence = gaussianKlDivergence({ mean: output(outputs, "mean"), logVariance: output(outputs, "logVariance") }, { reduction: "sum" });
    return reconstruction.add(divergence).div(x.shape[0] ?? 1);
  },
  "two separate passes, each with its own batch statistics: mean BCE-with-logits of `real` with 1 plus that of `fake` with 0": ({ run }) => (inputs) =>
    real(output(run({ x: output(inputs, "real") }, "output"), "output")).add(fake(output(run({ x: output(inputs, "fake") }, "output"), "output"))),
  "mean BCE-with-logits of D(G(z)) with 1; D in training mode, its config nc=3, ndf=4, its fill names prefixed with `discriminator:` (e.g. discriminator:main.0.weight), not updated": ({ run, other }) => {
    const discriminator = other("discriminator:", "dcgan.discriminator", { nc: 3, ndf: 4 });
    return (inputs) => real(output(discriminator.run({ x: output(run(inputs, "output"), "output") }, "output"), "output"));
  },
  "mean smooth-L1 (beta 1) between Q(state)[action] and reward + 0.99 (1 - done) max Qtarget(nextState); the target network's fill names are prefixed with `target:`; no gradient through the target": ({ run, other }) => {
    const target = other("target:");
    return (inputs) => {
      const chosen = squeeze(gather(output(run({ x: output(inputs, "state") }, "q"), "q"), unsqueeze(output(inputs, "action"), 1), 1), 1);
      const best = max(output(target.run({ x: output(inputs, "nextState") }, "q"), "q"), 1);
      const continues = output(inputs, "done").cast("float32").mul(-1).add(1);
      return smoothL1(chosen, output(inputs, "reward").add(best.mul(continues).mul(0.99)).detach());
    };
  },
};

/** The loss with these words. */
export function lossOf(words: string): Loss {
  return lookUp(losses, words);
}
