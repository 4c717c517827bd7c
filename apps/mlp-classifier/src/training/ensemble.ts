import { Module } from "@nn/layers";
import { Accuracy, ConfusionMatrix } from "@nn/metrics";
import { clipByGlobalNorm } from "@nn/optim";
import { expand, gradientsOf, mean, softmax, stack, unsqueeze, type Gradients, type Tensor } from "@nn/tensor";
import type { Ensemble } from "@nn/train";
import type { Perceptron } from "../model/architecture.js";
import type { TrainingLoss } from "./loss.js";

/** The networks of an ensemble beside one another: logits `[count, classes, members]`. */
class Members extends Module {
  readonly ensemble: Ensemble<Perceptron>;

  constructor(ensemble: Ensemble<Perceptron>) {
    super();
    this.ensemble = ensemble;
  }

  override forward(x: Tensor): Tensor {
    return stack(this.ensemble.models.map((model) => model.forward(x)), 2);
  }
}

/** The mean probabilities of the networks: `[count, classes]`. */
const together = (logits: Tensor): Tensor => mean(softmax(logits, 1), 2);

/** The accuracy of the mean probabilities. */
class EnsembleAccuracy extends Accuracy {
  override update(logits: Tensor, y: Tensor): void {
    super.update(together(logits), y);
  }
}

/** The confusion matrix of the mean probabilities. */
export class EnsembleConfusion extends ConfusionMatrix {
  override update(logits: Tensor, y: Tensor): void {
    super.update(together(logits), y);
  }
}

/**
 * What trains the networks of an ensemble on the same batches, each on its own: the loss is the mean of their losses, the gradients of each are
 * those of its own loss, and are clipped on their own.
 */
export function ensembleTraining(ensemble: Ensemble<Perceptron>, { loss, weight }: TrainingLoss, clipNorm: number | null) {
  const { models } = ensemble;
  const forEach = (y: Tensor): Tensor => expand(unsqueeze(y, 1), [y.shape[0] ?? 0, models.length]);
  const apart = (gradients: Gradients<Tensor | undefined>): Gradients<Tensor | undefined> => gradientsOf(gradients.variables, models.flatMap((model) => {
    const own = gradients.of(model.parameters()).map((gradient) => gradient?.mul(models.length));
    return [...(clipNorm === null ? own : clipByGlobalNorm(own, clipNorm).gradients)];
  }));
  return {
    model: new Members(ensemble), metrics: { accuracy: new EnsembleAccuracy() }, transform: apart,
    loss: (logits: Tensor, y: Tensor, options?: { readonly labelSmoothing: number }): Tensor => loss(logits, forEach(y), options),
    ...(weight === undefined ? {} : { weight }),
  };
}
