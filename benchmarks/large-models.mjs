// Trains large models of @nn/models for some steps of Adam, and prints what that takes:
//   node benchmarks/large-models.mjs [--models resnet50,gpt2] [--checkpoint no,yes] [--batch N] [--length 256] [--steps 1]
// Each configuration runs in a process of its own, with random inputs. With --checkpoint yes, each block of the model is computed again for its gradient. Losses with and
// without checkpoints agree. Times are of the processor, but for those of steps, which run on two threads.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chosen, commandLine, count, text } from "./command-line.mjs";

const { values } = commandLine({ models: text("resnet50,gpt2"), checkpoint: text("no,yes"), batch: text(), length: text("256"), steps: text("1") });
const options = {
  models: chosen("models", values.models, ["resnet50", "gpt2"]), checkpoint: chosen("checkpoint", values.checkpoint, ["no", "yes"]),
  batch: values.batch === undefined ? undefined : count("batch", values.batch), length: count("length", values.length), steps: count("steps", values.steps),
};

const program = `
import { checkpoint, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { crossEntropy } from "@nn/losses";
import { GPT2LMHeadModel, resnet50 } from "@nn/models";
import { Adam } from "@nn/optim";
import { manualSeed, normal, randomIntegers } from "@nn/tensor";

const { name, saved, batch, length, steps } = JSON.parse(process.argv[2]);
manualSeed(1);

const models = {
  resnet50() {
    const model = resnet50();
    const blocks = ["layer1", "layer2", "layer3", "layer4"].flatMap((stage) => model[stage].children());
    return { model, blocks, logits: (x) => model.forward(x), x: normal([batch, 3, 224, 224]), y: randomIntegers([batch], { low: 0, high: 1000 }) };
  },
  gpt2() {
    const model = new GPT2LMHeadModel();
    const tokens = () => randomIntegers([batch, length], { low: 0, high: model.vocabSize });
    return { model, blocks: model.transformer.h, logits: (x) => model.forward(x).transpose(1, 2), x: tokens(), y: tokens() };
  },
};

const { model, blocks, logits, x, y } = models[name]();
for (const block of saved ? blocks : []) {
  const forward = block.forward.bind(block);
  block.forward = (input, ...others) => checkpoint((each) => forward(each, ...others))(input);
}
const parameters = model.parameters();
const optimizer = new Adam(parameters, { learningRate: 1e-4 });
const step = compile((input, target) => {
  const { value, gradients } = valueAndGrad(() => crossEntropy(logits(input), target), parameters);
  optimizer.step(gradients);
  return value;
});

/** Runs a step, and measures it in seconds. */
function timed() {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const loss = step(x, y).item();
  const { user, system } = process.cpuUsage(before);
  return { loss, seconds: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}
const calls = Array.from({ length: steps + 1 }, timed);
const explained = step.explain();
const find = (pattern) => pattern.exec(explained)[1];
console.log(JSON.stringify({
  calls, kernels: find(/([0-9]+) kernels/), arena: find(/arena of ([^B]+B)/), temporaries: find(/temporaries ([^B]+B)/), state: find(/state +([^B]+B)/),
  parameters: parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0), resident: process.resourceUsage().maxRSS * 1024,
}));
`;

/** Runs a configuration in a process of its own. */
function measure(file, configuration) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, JSON.stringify(configuration)], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`;

function report({ name, saved, batch, length }, { calls, kernels, arena, temporaries, state, parameters, resident }) {
  const [first, ...later] = calls;
  const fastest = later.toSorted((a, b) => a.processor - b.processor)[0];
  console.log(`${name}, batch ${batch}${name === "gpt2" ? ` x ${length}` : ""}, ${saved ? "each block in a checkpoint" : "without checkpoints"}: ${parameters} parameters, ${kernels} kernels`);
  const rows = [
    ["parameters", gigabytes(parameters * 4)],
    ["optimizer state, two numbers for each parameter", gigabytes(parameters * 8)],
    ["variables, with statistics of normalisation", state],
    ["inputs, activations, gradients and workspace, which share an arena", arena],
    ["the same without sharing", temporaries],
    ["peak resident memory of the process", gigabytes(resident)],
    ["first call without its step, seconds of processor", (first.processor - fastest.processor).toFixed(1)],
    ["a step, seconds, and of processor", `${fastest.seconds.toFixed(2)}, ${fastest.processor.toFixed(2)}`],
    ["losses", calls.map(({ loss }) => loss.toFixed(4)).join(", ")],
  ];
  for (const [what, value] of rows) console.log(`  ${what.padEnd(68)}${value}`);
}

const folder = mkdtempSync(join(tmpdir(), "nn-large-models-"));
try {
  const outfile = join(folder, "program.mjs");
  const stdin = { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) };
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile, conditions: ["@nn/source"], logLevel: "error" });
  for (const name of options.models) {
    for (const checkpointed of options.checkpoint) {
      const configuration = { name, saved: checkpointed === "yes", batch: options.batch ?? (name === "gpt2" ? 1 : 8), length: options.length, steps: options.steps };
      report(configuration, measure(outfile, configuration));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
