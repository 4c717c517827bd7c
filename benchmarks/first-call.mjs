// Measures what the first call of a compiled training step costs, when everything is traced and compiled:
//   node benchmarks/first-call.mjs [OTHER] [--rounds 5] [--only TEXT]
//   node benchmarks/first-call.mjs --store [--rounds 5] [--only TEXT]
//   node benchmarks/first-call.mjs --phases [--rounds 5] [--only TEXT]
// Prints milliseconds of processor time of the first call, each in a fresh process, and kernels. With another checkout, whose dependencies are installed, both take
// turns, and the last column is the median of the ratios of their times: below 1, this checkout is faster. --only takes the models whose name contains TEXT.
// With --store, compiling takes turns with a store that has the program; "put" is the call that compiles it and puts it there.
// With --phases, it prints where the main thread of the process is, from samples of a profile: medians of milliseconds. V8 optimizes functions on other threads meanwhile.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine, count, text } from "./command-line.mjs";

const { values: { only, ...values }, positionals: [other] } = commandLine({ rounds: text("5"), only: text(""), store: { type: "boolean", default: false }, phases: { type: "boolean", default: false } }, { allowPositionals: true });
const rounds = count("rounds", values.rounds);

/** The lines of the program that open a store in the folder of its second argument. */
const withStore = `
import { programStore } from "@nn/compiler/features";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
const file = (key) => process.argv[3] + "/" + key;
const read = (key) => (existsSync(file(key)) ? readFileSync(file(key)) : undefined);
const options = process.argv[3] === undefined ? {} : { store: programStore({ read, write: (key, bytes) => writeFileSync(file(key), bytes) }) };
`;

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
}, options);
const before = process.cpuUsage();
const loss = step(x, y).item();
const { user, system } = process.cpuUsage(before);
const explained = step.explain();
const kernels = Number(/([0-9]+) kernel/.exec(explained)[1]);
console.log(JSON.stringify({ time: (user + system) / 1000, kernels, loss, isStored: explained.includes("loaded from the store") }));
`;

const names = ["MLP", "CNN", "LSTM", ...[2, 4, 8, 16, 32].map((depth) => `GPT of ${depth} layers`)];
const folder = mkdtempSync(join(tmpdir(), "nn-first-call-"));

/** Bundles the program with the packages of a checkout, and returns the file. A store finds the programs of the same bundle. */
async function bundled(checkout, file) {
  const outfile = join(folder, file);
  const stdin = { contents: (values.store ? withStore : "const options = {};") + program, resolveDir: resolve(checkout, "benchmarks") };
  const define = { NN_BUILD: JSON.stringify(file) };
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile, conditions: ["@nn/source"], define, logLevel: "error" });
  return outfile;
}

/** Runs one first call in a process of its own, with a store if there is a folder for it. */
function measure(file, name, store = []) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, name, ...store], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const column = (value, width) => String(value).padStart(width);
const chosen = names.filter((each) => each.includes(only));

/** First calls that compile, and those that find the program in a store. */
function compareStore(file) {
  console.log(`${"first call, ms".padEnd(20)}${column("compiled", 9)}${column("put", 7)}${column("stored", 8)}${column("ratio", 7)}${column("kB", 7)}`);
  for (const name of chosen) {
    const store = mkdtempSync(join(folder, "store-"));
    const put = measure(file, name, [store]);
    const bytes = readdirSync(store).reduce((sum, entry) => sum + statSync(join(store, entry)).size, 0);
    const turns = Array.from({ length: rounds }, () => ({ compiled: measure(file, name), stored: measure(file, name, [store]) }));
    const times = ["compiled", "stored"].map((way) => median(turns.map((turn) => turn[way].time)));
    const ratio = median(turns.map(({ compiled, stored }) => stored.time / compiled.time));
    console.log(`${name.padEnd(20)}${column(times[0].toFixed(0), 9)}${column(put.time.toFixed(0), 7)}${column(times[1].toFixed(0), 8)}${column(ratio.toFixed(2), 7)}${column((bytes / 1000).toFixed(0), 7)}`);
    if (turns.some(({ compiled, stored }) => !stored.isStored || !Object.is(stored.loss, compiled.loss))) console.log(`  ${name}: the program was not in the store, or the losses differ`);
  }
}

/** The functions whose calls are a phase. The outermost one of a sample decides; phases that are no function of their own come from the rest of the program. */
const phases = new Map(Object.entries({
  trace: "tracing", passResults: "passes", validateGraph: "checks", validateProgram: "checks", validatePlan: "checks", requireFeatures: "checks", lower: "lowering", planMemory: "memory plan",
  emitProgram: "emitting", Module: "V8: module", Instance: "V8: module", once: "first run", explain: "listing",
}));
const phaseNames = ["loading", ...new Set(phases.values()), "rest of the call", "collecting garbage"];

/** Milliseconds of the main thread in each phase of one process. */
function profiled(file, name) {
  const profiles = mkdtempSync(join(folder, "profile-"));
  const { stderr, status } = spawnSync(process.execPath, ["--cpu-prof", "--cpu-prof-interval", "250", "--cpu-prof-dir", profiles, file, name], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(profiles, readdirSync(profiles)[0]), "utf8"));
  const phaseOf = new Map();
  const children = new Map(nodes.map((node) => [node.id, node]));
  const visit = ({ id, callFrame: { functionName }, children: below = [] }, above) => {
    // Bundlers number functions of the same name.
    const own = phases.get(functionName.replace(/[0-9]+$/, "")) ?? (functionName === "build" ? "rest of the call" : undefined);
    const phase = functionName === "(garbage collector)" ? "collecting garbage" : above === "loading" || above === "rest of the call" ? (own ?? above) : above;
    phaseOf.set(id, phase);
    for (const child of below) visit(children.get(child), phase);
  };
  visit(nodes[0], "loading");
  const times = Object.fromEntries(phaseNames.map((phase) => [phase, 0]));
  samples.forEach((id, at) => (times[phaseOf.get(id)] += timeDeltas[at] / 1000));
  return times;
}

function splitIntoPhases(file) {
  console.log(`${"ms of the main thread".padEnd(22)}${chosen.map((name) => column(name, name.length + 2)).join("")}`);
  const models = chosen.map((name) => ({ width: name.length + 2, runs: Array.from({ length: rounds }, () => profiled(file, name)) }));
  for (const phase of phaseNames) {
    const cells = models.map(({ width, runs }) => column(median(runs.map((times) => times[phase])).toFixed(0), width));
    console.log(`${phase.padEnd(22)}${cells.join("")}`);
  }
}

/** First calls of this checkout, and of the other one if there is one. */
async function compareCheckouts(ours) {
  const theirs = other === undefined ? undefined : await bundled(other, "theirs.mjs");
  console.log(`${"first call, ms".padEnd(20)}${"this".padStart(8)}${theirs === undefined ? "" : "   other   ratio"}${"kernels".padStart(9)}${"ms a kernel".padStart(13)}`);
  for (const name of chosen) {
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
}

try {
  const ours = await bundled(fileURLToPath(new URL("..", import.meta.url)), "ours.mjs");
  if (values.store) compareStore(ours);
  else if (values.phases) splitIntoPhases(ours);
  else await compareCheckouts(ours);
} finally {
  rmSync(folder, { recursive: true });
}
