import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay, linearWarmup } from "@nn/optim";
import { arange, equal, Generator, indexSelect, randomIntegers, tensor, where, type Tensor } from "@nn/tensor";
import { parametersOf, type Trained } from "./network-copy.js";
import type { Task } from "./task.js";
import { encoded, mask, WordGuesser, type WordGuesserSettings } from "./word-guesser.js";

export interface MaskedWordsView extends Trained<WordGuesserSettings> {
  readonly steps: number;
  /** The loss of the last step; `undefined` before the first. */
  readonly loss: number | undefined;
}

const [batch, learningRate, ignored] = [32, 5e-3, -100];
/** Number of steps after which training ends. */
export const mostSteps = 400;

/** A small BERT learns a text by guessing hidden words: one word of each sentence is masked. */
export function maskedWords(settings: WordGuesserSettings): Task<MaskedWordsView> {
  const model = new WordGuesser(settings);
  const { vocabulary } = model;
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: linearWarmup(cosineDecay(learningRate, { steps: mostSteps }), { steps: 20 }) });
  const learn = compile((x: Tensor, places: Tensor) => {
    const hidden = equal(arange(vocabulary.longest), places);
    const targets = where(hidden, x, ignored).reshape([-1]);
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(where(hidden, mask, x)).reshape([-1, vocabulary.words.length]), targets, { ignoreIndex: ignored }), parameters);
    optimizer.step(gradients);
    return value;
  });
  const corpus = encoded(vocabulary, vocabulary.sentences);
  const lengths = vocabulary.sentences.map((sentence) => sentence.length);
  const random = new Generator(2);
  let steps = 0;
  let loss: number | undefined;
  return {
    step() {
      const numbers = randomIntegers([batch, 2], { high: 2 ** 30, generator: random }).toArray() as number[][];
      const chosen = numbers.map(([sentence = 0]) => sentence % lengths.length);
      const places = numbers.map(([, place = 0], at) => [place % (lengths[chosen[at] ?? 0] ?? 1)]);
      loss = learn(indexSelect(corpus, tensor(chosen, { dtype: "int32" }), 0), tensor(places, { dtype: "int32" })).item();
      steps += 1;
    },
    view: () => ({ settings, steps, loss, parameters: parametersOf(model) }),
    isDone: () => steps >= mostSteps,
  };
}
