// Measures what the first call of a compiled training step costs, when everything is traced and compiled:
//   node benchmarks/first-call.mjs [OTHER] [--rounds 5] [--only TEXT]
// Prints milliseconds of processor time of the first call, each in a fresh process, and kernels. With another checkout, whose dependencies are installed, both take
// turns, and the last column is the median of the ratios of their times: below 1, this checkout is faster. --only takes the models whose name contains TEXT.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine, count, text } from "./command-line.mjs";

const { values: { only, ...values }, positionals: [other] } = commandLine({ rounds: text("5"), only: text("") }, { allowPositionals: true });
const rounds = count("rounds", values.rounds);

const program = `
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Conv2d, Embedding, Flatten, LearnedPositionalEncoding, Linear, LSTM, MaxPool2d, Module, ReLU, Sequential, TransformerEncoder, TransformerEncoderLayer } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { manualSeed, normal, randomIntegers, select } from "@nn/tensor";

class Recurrent extends Module {
  lstm = new LSTM(28, 64, { batchFirst: true });
  output = new Linear(64, 10);
  forward(x) {
    return this.output.forward(select(this.lstm.forward(x).output, 1, -1));
  }
}

class Gpt extends Module {
  embedding = new Embedding(30, 48);
  positions = new LearnedPositionalEncoding(16, 48, { batchFirst: true });
  output = new Linear(48, 30);
  constructor(depth) {
    super();
    this.blocks = new TransformerEncoder(Array.from({ length: depth }, () => new TransformerEncoderLayer(48, 4, { feedForward: 192, dropout: 0.1, batchFirst: true })));
  }
  forward(x) {
    return this.output.forward(this.blocks.forward(this.positions.forward(this.embedding.forward(x)), { causal: true })).transpose(1, 2);
  }
}

const gpt = (depth) => () => [new Gpt(depth), randomIntegers([4, 16], { low: 0, high: 30 }), randomIntegers([4, 16], { low: 0, high: 30 })];
const digits = () => randomIntegers([8], { low: 0, high: 10 });
const models = {
  MLP: () => [new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10)), normal([8, 784]), digits()],
  CNN: () => [
    new Sequential(new Conv2d(1, 8, 3, { padding: 1 }), new ReLU(), new MaxPool2d(2), new Conv2d(8, 16, 3, { padding: 1 }), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(784, 10)),
    normal([8, 1, 28, 28]), digits(),
  ],
  LSTM: () => [new Recurrent(), normal([8, 28, 28]), digits()],
  "GPT of 2 layers": gpt(2), "GPT of 4 layers": gpt(4), "GPT of 8 layers": gpt(8), "GPT of 16 layers": gpt(16), "GPT of 32 layers": gpt(32),
};

const [name] = process.argv.slice(2);
manualSeed(1);
const [model, x, y] = models[name]();
const parameters = model.parameters();
const optimizer = new Adam(parameters, { learningRate: 1e-3 });
const step = compile((input, target) => {
  const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(input), target), parameters);
  optimizer.step(gradients);
  return value;
});
const before = process.cpuUsage();
const loss = step(x, y).item();
const { user, system } = process.cpuUsage(before);
const kernels = Number(/([0-9]+) kernel/.exec(step.explain())[1]);
console.log(JSON.stringify({ time: (user + system) / 1000, kernels, loss }));
`;

const names = ["MLP", "CNN", "LSTM", ...[2, 4, 8, 16, 32].map((depth) => `GPT of ${depth} layers`)];
const folder = mkdtempSync(join(tmpdir(), "nn-first-call-"));

/** Bundles the program with the packages of a checkout, and returns the file. */
async function bundled(checkout, file) {
  const outfile = join(folder, file);
  const stdin = { contents: program, resolveDir: resolve(checkout, "benchmarks") };
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile, conditions: ["@nn/source"], logLevel: "error" });
  return outfile;
}

/** Runs one first call in a process of its own. */
function measure(file, name) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, name], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

try {
  const ours = await bundled(fileURLToPath(new URL("..", import.meta.url)), "ours.mjs");
  const theirs = other === undefined ? undefined : await bundled(other, "theirs.mjs");
  console.log(`${"first call, ms".padEnd(20)}${"this".padStart(8)}${theirs === undefined ? "" : "   other   ratio"}${"kernels".padStart(9)}${"ms a kernel".padStart(13)}`);
  for (const name of names.filter((each) => each.includes(only))) {
    const turns = Array.from({ length: rounds }, (_, turn) => {
      const both = turn % 2 === 0 ? [ours, theirs] : [theirs, ours];
      const found = new Map(both.map((file) => [file, file === undefined ? undefined : measure(file, name)]));
      return { ours: found.get(ours), theirs: found.get(theirs) };
    });
    const time = median(turns.map((turn) => turn.ours.time));
    const [{ ours: { kernels } }] = turns;
    const comparison = theirs === undefined ? "" : `${median(turns.map((turn) => turn.theirs.time)).toFixed(0).padStart(8)}${median(turns.map((turn) => turn.ours.time / turn.theirs.time)).toFixed(2).padStart(8)}`;
    console.log(`${name.padEnd(20)}${time.toFixed(0).padStart(8)}${comparison}${String(kernels).padStart(9)}${(time / kernels).toFixed(2).padStart(13)}`);
    if (theirs !== undefined && turns.some((turn) => !Object.is(turn.ours.loss, turn.theirs.loss))) console.log(`  ${name}: the losses differ, ${turns[0].ours.loss} and ${turns[0].theirs.loss}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
