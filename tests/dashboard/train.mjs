// node train.mjs FOLDER [EPOCHS] [LEARNING-RATE] [WIDTH]: trains a classifier of digits in a loop of its own and records everything into a folder. Used by the tests of the dashboard.
import { argMax, manualSeed, relu, softmax, Variable } from "@nn/tensor";
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, digits } from "@nn/data";
import { Linear, Module } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { AdamW } from "@nn/optim";
import { imageOf, Recorder } from "@nn/records";
import { CommandReader, openRecordFile } from "@nn/records/node";
import { setTimeout as delay } from "node:timers/promises";

const [folder = "runs/digits", epochs = "12", learningRate = "0.002", width = "64"] = process.argv.slice(2);

manualSeed(1);
const { train, test } = digits({ train: 2000, test: 400, seed: 1 });

class Classifier extends Module {
  hidden = new Linear(784, Number(width));
  middle = new Linear(Number(width), 32);
  output = new Linear(32, 10);
  seen = {};

  forward(x) {
    const hidden = relu(this.hidden.forward(x));
    const middle = relu(this.middle.forward(hidden));
    this.seen = { hidden, middle };
    return this.output.forward(middle);
  }
}

const model = new Classifier();
const parameters = model.parameters();
const optimizer = new AdamW(parameters, { learningRate: Number(learningRate), weightDecay: 0.01 });
const gradients = parameters.map((each) => new Variable(each.value.mul(0)));
const step = compile((x, y) => {
  const { value, gradients: found } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
  for (const [at, gradient] of found.entries()) gradients[at].value = gradient;
  optimizer.step(found);
  return value;
});

const stepsPerEpoch = Math.ceil(2000 / 64);
const recorder = new Recorder([await openRecordFile(folder)]);
const commands = new CommandReader(folder);
recorder.settings(0, { model: { hidden: Number(width), middle: 32 }, optimizer: { name: "AdamW", learningRate: Number(learningRate), weightDecay: 0.01 }, epochs: Number(epochs), batchSize: 64, data: "digits" });
const details = { totalSteps: Number(epochs) * stepsPerEpoch, commands: ["pause", "resume", "stop", "save"] };
recorder.status(0, "running", details);

const classes = Array.from({ length: 10 }, (_, digit) => String(digit));
let done = 0;
let state = "running";

async function obey() {
  for (const command of commands.read()) {
    if (command === "stop") state = "stopped";
    if (command === "pause") recorder.status(done, (state = "paused"), details);
    if (command === "resume") recorder.status(done, (state = "running"), details);
  }
  if (state === "paused") return delay(100).then(obey);
}

function validate() {
  const counts = classes.map(() => classes.map(() => 0));
  const examples = [];
  let [sum, right, count] = [0, 0, 0];
  for (const [x, y] of new DataLoader(test, { batchSize: 200 })) {
    const scores = model.forward(x);
    sum += crossEntropy(scores, y).item() * y.shape[0];
    const [predicted, targets, likely] = [argMax(scores, 1).toArray(), y.toArray(), softmax(scores, 1).toArray()];
    for (const [at, target] of targets.entries()) {
      counts[target][predicted[at]] += 1;
      count += 1;
      if (target === predicted[at]) right += 1;
      else examples.push({ target, predicted: predicted[at], probability: likely[at][predicted[at]], image: imageOf(x.slice([at]).reshape([28, 28])), text: `test example ${count - 1}` });
    }
  }
  recorder.scalars(done, { "validation.loss": sum / count, "validation.accuracy": right / count });
  recorder.confusion(done, "validation", classes, counts, examples);
}

function statistics(before) {
  for (const [at, [name, parameter]] of [...model.namedParameters()].entries()) {
    const value = parameter.value;
    recorder.histogram(done, `weights/${name}`, value);
    recorder.histogram(done, `gradients/${name}`, gradients[at].value);
    const norm = (x) => Math.sqrt(x.square().sum().item());
    if (name.endsWith("weight")) recorder.scalars(done, { [`update ratio/${name}`]: norm(value.sub(before[at])) / norm(value) });
  }
  for (const [name, value] of Object.entries(model.seen)) recorder.histogram(done, `activations/${name}`, value, { unitAxis: 1 });
}

for (let epoch = 1; epoch <= Number(epochs) && state !== "stopped"; epoch++) {
  const began = performance.now();
  let before;
  for (const [x, y] of new DataLoader(train, { batchSize: 64, shuffle: true })) {
    before = (done + 1) % stepsPerEpoch === 0 ? parameters.map((each) => each.value) : before;
    const loss = step(x, y);
    done += 1;
    if (done % 5 === 0) recorder.scalars(done, { "training.loss": loss.item(), learningRate: Number(learningRate) });
    await delay(Number(process.env.NN_DELAY ?? 0));
    await obey();
    if (state === "stopped") break;
  }
  const seconds = (performance.now() - began) / 1000;
  recorder.scalars(done, { epoch, seconds, stepsPerSecond: stepsPerEpoch / seconds });
  validate();
  if (before !== undefined) statistics(before);
  if (epoch === 1) {
    const [[x, y]] = [...new DataLoader(train, { batchSize: 64 })];
    recorder.program(done, "train step", "kernels", step.explain());
    recorder.program(done, "train step", "profile", step.profile(x, y).toString());
  }
}
recorder.status(done, state === "stopped" ? "stopped" : "completed", state === "stopped" ? { message: "stopped through the dashboard" } : {});
recorder.close();
