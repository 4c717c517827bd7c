import { isMainThread, parentPort } from "node:worker_threads";
import { availableParallelism } from "node:os";
import { DataLoader, digits } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { Adam } from "@nn/optim";
import { createStudy, float, int, type ParametersOf } from "@nn/search";
import { manualSeed } from "@nn/tensor";
import { fit } from "@nn/train";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { Progress } from "../support/progress.js";
import { WorkerPool } from "./pool.js";

const trials = 16;
const workers = Math.min(4, availableParallelism());

const space = { learningRate: float(1e-4, 0.1, { log: true }), width: int(8, 128, { log: true }) };

/** What a thread is asked: to train with these parameters. */
interface Question {
  readonly parameters: ParametersOf<typeof space>;
  readonly seed: number;
}

/** The accuracy on unseen digits, and how long the training took. */
interface Answer {
  readonly accuracy: number;
  readonly seconds: number;
}

/** One training, from the data to the result. */
export async function train({ parameters: { learningRate, width }, seed }: Question): Promise<Answer> {
  const started = performance.now();
  manualSeed(seed);
  const { train, test } = digits({ train: 1000, test: 500, seed: 1 });
  const model = new Sequential(new Linear(784, width), new ReLU(), new Linear(width, 10));
  const { best } = await fit({
    model,
    loss: crossEntropy,
    optimizer: new Adam(model.parameters(), { learningRate }),
    batches: new DataLoader(train, { batchSize: 25, shuffle: true }),
    validation: new DataLoader(test, { batchSize: 250 }),
    metrics: { accuracy: new Accuracy() },
    monitor: "validation.accuracy",
    epochs: 10,
  });
  return { accuracy: best?.values.validation.accuracy ?? 0, seconds: (performance.now() - started) / 1000 };
}

/** What the threads do: train whenever they are asked to. */
function answerQuestions(): void {
  parentPort?.on("message", async (question: Question) => parentPort?.postMessage(await train(question), []));
}

/**
 * Searches for the best parameters; every trial is trained in a thread of its own. Each trial sees the results of those that were complete `parallel` trials
 * before, so the study is the same whichever thread is faster.
 */
export async function search(ask: (question: Question) => Promise<Answer>, parallel: number, onTrial: (answer: Answer) => void = () => undefined) {
  const study = await createStudy({ space, direction: "maximize", seed: 1 });
  await study.optimize(async (parameters, { seed }) => {
    const answer = await ask({ parameters, seed });
    onTrial(answer);
    return answer.accuracy;
  }, { trials, parallel });
  return study;
}

export async function main(): Promise<void> {
  if (!isMainThread) return answerQuestions();
  console.log(`${trials} trainings with different parameters, in ${workers} threads at once.`);
  // The threads run this program too.
  const pool = new WorkerPool<Question, Answer>(new URL(import.meta.url), workers);
  const progress = new Progress("trainings", trials);
  const started = performance.now();
  let total = 0;
  const study = await search((question) => pool.ask(question), workers, ({ accuracy, seconds }) => {
    total += seconds;
    progress.advance(`accuracy ${accuracy.toFixed(3)}`);
  }).finally(() => pool.close());
  progress.end();
  const seconds = (performance.now() - started) / 1000;
  console.log(`trained for ${total.toFixed(1)} s in ${seconds.toFixed(1)} s\n`);
  console.log("the best of them\naccuracy  learning rate  width");
  const completed = study.trials.filter((trial) => trial.state === "completed").toSorted((a, b) => b.value - a.value);
  for (const { value, parameters: { learningRate, width } } of completed.slice(0, 4)) {
    console.log(`${`${(100 * value).toFixed(1)} %`.padStart(8)}  ${learningRate.toPrecision(2).padStart(13)}  ${String(width).padStart(5)}`);
  }
  savePicture("several-workers.svg", chart([
    { name: "a training", points: completed.map(({ value, parameters }) => [Math.log10(parameters.learningRate), 100 * value] as const), as: "points", radius: 4 },
  ], { title: `${trials} trainings in ${workers} threads`, xLabel: "logarithm of the learning rate, base 10", yLabel: "accuracy on unseen digits, %" }));
}
