import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { crossEntropy } from "@nn/losses";
import { Adam, clipByGlobalNorm } from "@nn/optim";
import { concat, Generator, randomIntegers, tensor, type Tensor } from "@nn/tensor";
import { classes, FirstSymbolReader, kinds, symbols, traceNames, type Kind, type TraceName } from "./recurrent-networks.js";
import { rehearse } from "./rehearsal.js";
import type { Task } from "./task.js";

export interface FirstSymbolSettings {
  /** Length T of the sequences. */
  readonly length: number;
}

/** A gate or a state of a network. */
export interface Trace {
  readonly name: TraceName;
  /** `[sequence][step][unit]`. */
  readonly values: readonly (readonly (readonly number[])[])[];
}

/** What one network knows. */
export interface MemoryView {
  /** The share of unseen sequences whose first symbol it names, after every tenth step. */
  readonly accuracies: readonly number[];
  /** What happens inside it while it reads each of the sequences shown. */
  readonly inside: readonly Trace[];
  /** The probability that it gives each class for each of the sequences shown. */
  readonly answers: readonly (readonly number[])[];
}

export interface FirstSymbolView {
  readonly steps: number;
  /** Sequences to look at: one for each first symbol, with the same symbols after it. */
  readonly sequences: readonly string[];
  readonly networks: Readonly<Record<Kind, MemoryView>>;
}

/** Accuracies are measured after so many steps. */
export const measuredEvery = 10;
const [batch, unseen, learningRate] = [32, 200, 0.01];

/** Number of steps after which training ends. */
export const mostSteps = 400;

/** Sequences `[length, count]`: a symbol to remember, then others. */
export function drawSequences(count: number, length: number, generator: Generator): Tensor {
  const first = randomIntegers([1, count], { high: classes, generator });
  return concat([first, randomIntegers([length - 1, count], { low: classes, high: symbols.length, generator })], 0);
}

/** The sequences that are shown: they differ in the first symbol only. */
function shownSequences(length: number): Tensor {
  const others = randomIntegers([length - 1, 1], { low: classes, high: symbols.length, generator: new Generator(7) });
  const first = tensor(Array.from({ length: classes }, (_, at) => at), { dtype: "int32" }).reshape([1, classes]);
  return concat([first, others.expand([length - 1, classes])], 0);
}

interface Learner {
  step(sequences: Tensor, labels: Tensor): void;
  measure(): number;
  prepare(sequences: Tensor, labels: Tensor): void;
  view(accuracies: readonly number[], isNew: boolean): MemoryView;
}

function learnerOf(kind: Kind, shown: Tensor, test: Tensor): Learner {
  const model = new FirstSymbolReader(kind, new Generator(2));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate });
  const learn = compile((sequences: Tensor, labels: Tensor) => {
    const { gradients } = valueAndGrad(() => crossEntropy(model.forward(sequences), labels), parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
  });
  const measure = compile((sequences: Tensor) => model.forward(sequences).argMax(1).equal(sequences.select(0, 0)).cast("float32").mean());
  const look = (sequences: Tensor) => ({ inside: model.inside(sequences), answers: model.forward(sequences).softmax(1) });
  const compiledLook = compile(look);
  return {
    step: (sequences, labels) => void learn(sequences, labels),
    measure: () => measure(test).item(),
    prepare(sequences, labels) {
      rehearse({ model, optimizer }, () => learn(sequences, labels));
      measure(test);
      compiledLook(shown);
    },
    view(accuracies, isNew) {
      // A network that is only looked at once, such as those between two places of a slider, is not worth compiling.
      const { inside, answers } = isNew ? look(shown) : compiledLook(shown);
      const traces = traceNames.flatMap((name): Trace[] => {
        const values = inside[name];
        return values === undefined ? [] : [{ name, values: values.permute([1, 0, 2]).toArray() as number[][][] }];
      });
      return { accuracies, inside: traces, answers: answers.toArray() as number[][] };
    },
  };
}

/** Three networks read sequences and learn to name the first symbol of each at its end. */
export function firstSymbol({ length }: FirstSymbolSettings): Task<FirstSymbolView> {
  const random = new Generator(2);
  const test = drawSequences(unseen, length, new Generator(3));
  const shown = shownSequences(length);
  const sequences = (shown.transpose().toArray() as number[][]).map((row) => row.map((symbol) => symbols.charAt(symbol)).join(""));
  const learners = kinds.map((kind) => ({ kind, learner: learnerOf(kind, shown, test), accuracies: [] as number[] }));
  let steps = 0;
  return {
    prepare() {
      const drawn = drawSequences(batch, length, new Generator(2));
      for (const { learner } of learners) learner.prepare(drawn, drawn.select(0, 0));
    },
    step() {
      const drawn = drawSequences(batch, length, random);
      const labels = drawn.select(0, 0);
      for (const { learner } of learners) learner.step(drawn, labels);
      steps += 1;
      if (steps % measuredEvery === 0) for (const { learner, accuracies } of learners) accuracies.push(learner.measure());
    },
    view() {
      const networks = learners.map(({ kind, learner, accuracies }) => [kind, learner.view(accuracies, steps === 0)] as const);
      return { steps, sequences, networks: Object.fromEntries(networks) as Record<Kind, MemoryView> };
    },
    isDone: () => steps >= mostSteps,
  };
}
