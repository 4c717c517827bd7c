import * as layers from "@nn/layers";
import { tensor, type Tensor } from "@nn/tensor";
import { activation, affine, layerTrial, moduleTrial, parameter } from "./activations.js";
import { along, at, get, make, sum, type Plain } from "./array.js";
import type { Entries } from "./trial.js";

const int32 = ({ shape, data }: Plain): Tensor => tensor([...data], { shape, dtype: "int32" });

/** Classifiers of sequences, embeddings, and what is left. */
export const sequenceLayers: Entries = {
  SequenceClassifier: (random) => {
    const pooling = random.pick(["mean", "max", "last"] as const);
    return layerTrial(pooling, random.array([3, 2, 4]), (dtype) => new layers.SequenceClassifier(4, 2, { pooling, dropout: 0, dtype }), (x, parameters) => {
      const pooled = make([2, 4], ([n = 0, feature = 0]) => {
        const column = [0, 1, 2].map((step) => at(x, step, n, feature));
        return pooling === "mean" ? sum(column) / 3 : pooling === "max" ? Math.max(...column) : get(column, 2);
      });
      const [weight, bias] = Object.keys(parameters).toSorted().toReversed();
      return affine(pooled, parameter(parameters, weight ?? ""), parameter(parameters, bias ?? ""));
    });
  },
  weightNorm: (random) => layerTrial("", random.array([2, 3]), (dtype) => layers.weightNorm(new layers.Linear(3, 2, { dtype })), (x, parameters) => {
    const [g, v] = [parameter(parameters, "weight_g"), parameter(parameters, "weight_v")];
    const weight = make(v.shape, ([row = 0, column = 0]) => (at(g, row, 0) * at(v, row, column)) / Math.sqrt(sum([0, 1, 2].map((each) => at(v, row, each) ** 2))));
    return affine(x, weight, parameter(parameters, "bias"));
  }),
  Embedding: (random) => {
    const [count, features] = [random.int(1, 5), random.int(1, 3)];
    const index = random.integers(random.shape([1, 2]), 0, count - 1);
    return moduleTrial(`${count}x${features}, ${index.data.join(" ")}`, [], (dtype) => new layers.Embedding(count, features, { dtype }), (module) => (module as layers.Embedding).forward(int32(index)), (_, parameters) =>
      make([...index.shape, features], (position) => at(parameter(parameters, "weight"), at(index, ...position.slice(0, -1)), get(position, -1))));
  },
  EmbeddingBag: (random) => {
    const [count, features, mode] = [random.int(1, 5), random.int(1, 3), random.pick(["sum", "mean"] as const)];
    const index = random.integers([random.int(1, 3), random.int(1, 3)], 0, count - 1);
    return moduleTrial(`${count}x${features}, ${mode}`, [], (dtype) => new layers.EmbeddingBag(count, features, { mode, dtype }), (module) => (module as layers.EmbeddingBag).forward(int32(index)), (_, parameters) =>
      make([get(index.shape, 0), features], ([bag = 0, feature = 0]) => sum(Array.from({ length: get(index.shape, 1) }, (_step, step) => at(parameter(parameters, "weight"), at(index, bag, step), feature))) / (mode === "mean" ? get(index.shape, 1) : 1)));
  },
  AdaptiveLogSoftmaxWithLoss: (random) => {
    const [features, classes, divValue, headBias] = [random.int(2, 5), 7, random.pick([1, 2]), random.bool()];
    const cutoffs = random.pick([[3], [2, 4], [3, 5]]);
    const target = random.integers([random.int(1, 3)], 0, classes - 1);
    return moduleTrial(`${features}, ${cutoffs.join()}, div ${divValue}, bias ${headBias}, ${target.data.join()}`, [random.array([target.data.length, features])],
      (dtype) => new layers.AdaptiveLogSoftmaxWithLoss(features, classes, cutoffs, { divValue, headBias, dtype }), (module, x) => Object.values((module as layers.AdaptiveLogSoftmaxWithLoss).forward(x as Tensor, int32(target))), ([x], parameters) => {
        const head = along(affine(x as Plain, parameter(parameters, "head.weight"), parameters["head.bias"]), -1, activation.logSoftmax);
        const output = make(target.shape, ([n = 0]) => {
          const y = at(target, n);
          if (y < get(cutoffs, 0)) return at(head, n, y);
          const cluster = cutoffs.filter((cutoff) => cutoff <= y).length - 1;
          const hidden = affine(x as Plain, parameter(parameters, `tail.${cluster}.0.weight`));
          const tail = along(affine(hidden, parameter(parameters, `tail.${cluster}.1.weight`)), -1, activation.logSoftmax);
          return at(head, n, get(cutoffs, 0) + cluster) + at(tail, n, y - get(cutoffs, cluster));
        });
        return [output, { shape: [], data: [-sum(output.data) / output.data.length] }];
      });
  },
};
