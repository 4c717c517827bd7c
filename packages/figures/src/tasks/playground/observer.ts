import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { argMax, max, min, norm, sigmoid, softmax, transpose, type Tensor } from "@nn/tensor";
import type { Data } from "./examples.js";
import { lossOf } from "./learner.js";
import type { Network } from "./network.js";
import { classCount, type PlaygroundSettings } from "./settings.js";

/** How good a network is on some examples. */
export interface Score {
  readonly loss: number;
  /** The share of right answers; `undefined` for a regression. */
  readonly accuracy: number | undefined;
}

/** What can be seen of a network. */
export interface Observation {
  readonly train: Score;
  readonly test: Score;
  /** The answers for the probes, over the grid or for a picture: the probability of class 1, the probabilities of all classes of each point, or values. */
  readonly answers: Float32Array;
  /** The outputs of each hidden layer's units for the probes, one unit after the other. */
  readonly units: readonly Float32Array[];
  /** The weights `[to][from]` of each linear map. */
  readonly weights: readonly (readonly (readonly number[])[])[];
  readonly biases: readonly (readonly number[])[];
  /** The norm of the gradient of each linear map's weight, on all examples for training. */
  readonly gradients: readonly number[];
  /** For each hidden layer, which units have the same output for all examples for training: nothing that they do can be learned. */
  readonly dead: readonly (readonly boolean[])[];
}

const numbers = (tensor: Tensor): Float32Array => Float32Array.from(tensor.toTypedArray());

/** Looks at a network, without dropout and with the running statistics of batch normalisation. */
export class Observer {
  readonly #network: Network;
  readonly #data: Data;
  readonly #classes: number;
  readonly #functions;
  readonly #programs;
  /** Whether the network has been looked at. */
  #looked = false;

  constructor(settings: PlaygroundSettings, network: Network, data: Data) {
    this.#network = network;
    this.#data = data;
    this.#classes = classCount(settings);
    const loss = lossOf(settings);
    const { model, linear } = network;
    const weights = linear.map(({ weight }) => weight);
    this.#functions = {
      maps: (x: Tensor) => ({ units: this.#hidden(x).map((each) => transpose(each)), answers: this.#answers(model.forward(x)) }),
      score: (x: Tensor, y: Tensor) => this.#score(model.forward(x), y, loss),
      gradients: (x: Tensor, y: Tensor) => valueAndGrad(() => loss(model.forward(x), y), weights).gradients.map((gradient) => norm(gradient)),
      spread: (x: Tensor) => this.#hidden(x).map((each) => max(each, 0).sub(min(each, 0))),
    };
    const { maps, score, gradients, spread } = this.#functions;
    this.#programs = { maps: compile(maps), score: compile(score), gradients: compile(gradients), spread: compile(spread) };
  }

  /** What the units give for the probes, and how good the network is. The first time it is computed eagerly: that is over before a program is compiled. */
  observe(probes: Tensor): Observation {
    const { model, linear } = this.#network;
    const [[trainX, trainY], [testX, testY]] = [this.#data.train.tensors, this.#data.test.tensors];
    const { maps, score, gradients, spread } = this.#looked ? this.#programs : this.#functions;
    this.#looked = true;
    model.eval();
    try {
      const { units, answers } = maps(probes);
      return {
        train: read(score(trainX, trainY)), test: read(score(testX, testY)), answers: numbers(answers), units: units.map(numbers),
        weights: linear.map(({ weight }) => weight.value.toArray() as number[][]), biases: linear.map(({ bias }) => [...(bias?.value.toTypedArray() ?? [])]),
        gradients: gradients(trainX, trainY).map((each) => each.item()), dead: spread(trainX).map((each) => [...each.toTypedArray()].map((difference) => difference === 0)),
      };
    } finally {
      model.train();
    }
  }

  /** Frees the compiled programs. */
  dispose(): void {
    for (const program of Object.values(this.#programs)) program.dispose();
  }

  /** The outputs of each hidden layer. */
  #hidden(x: Tensor): readonly Tensor[] {
    const outputs: Tensor[] = [];
    for (const layer of this.#network.hidden) outputs.push(layer.forward(outputs.at(-1) ?? x));
    return outputs;
  }

  #answers(output: Tensor): Tensor {
    return this.#classes === 0 ? output : this.#classes === 2 ? sigmoid(output) : softmax(output, 1);
  }

  #score(output: Tensor, target: Tensor, loss: (output: Tensor, target: Tensor) => Tensor): { readonly loss: Tensor; readonly accuracy: Tensor | undefined } {
    const right = this.#classes === 0 ? undefined : this.#classes === 2 ? output.greater(0).equal(target.greater(0.5)) : argMax(output, 1).equal(target);
    return { loss: loss(output, target), accuracy: right?.cast("float32").mean() };
  }
}

const read = ({ loss, accuracy }: { readonly loss: Tensor; readonly accuracy: Tensor | undefined }): Score => ({ loss: loss.item(), accuracy: accuracy?.item() });
