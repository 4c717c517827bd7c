// Trains large models of @nn/models for some steps, and prints what that takes:
//   node benchmarks/large-models.mjs [--models resnet50,gpt2] [--checkpoint both|yes|no] [--steps 2]
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: { models: { type: "string", default: "resnet50,gpt2" }, checkpoint: { type: "string", default: "both" }, batch: { type: "string" }, length: { type: "string", default: "256" }, steps: { type: "string", default: "2" }, depth: { type: "string" }, prof: { type: "boolean" } },
});

const program = `
import { checkpoint, valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { crossEntropy } from "@nn/losses";
import { GPT2LMHeadModel, resnet50 } from "@nn/models";
import { Adam } from "@nn/optim";
import { manualSeed, normal, randomIntegers } from "@nn/tensor";

const { model: name, checkpointed, batch, length, steps, depth } = JSON.parse(process.argv[2]);
manualSeed(1);
const models = {
  resnet50: () => {
    const model = resnet50();
    return { model, blocks: [1,2,3,4].flatMap((i) => [...model["layer" + i].children()]), x: normal([batch, 3, 224, 224]), y: randomIntegers([batch], { low: 0, high: 1000 }), logits: (x) => model.forward(x) };
  },
  gpt2: () => {
    const model = new GPT2LMHeadModel({ nLayer: depth });
    return { model, blocks: model.transformer.h, x: randomIntegers([batch, length], { low: 0, high: 50257 }), y: randomIntegers([batch, length], { low: 0, high: 50257 }), logits: (x) => model.forward(x).transpose(1, 2) };
  },
};
let start = performance.now();
const lap = () => { const now = performance.now(); const t = (now - start) / 1000; start = now; return t; };
const { model, blocks, x, y, logits } = models[name]();
if (checkpointed) for (const block of blocks) {
  const forward = block.forward.bind(block);
  block.forward = checkpoint((input) => forward(input));
}
const parameters = model.parameters();
const optimizer = new Adam(parameters, { learningRate: 1e-4 });
const made = lap();
const step = compile((input, target) => {
  const { value, gradients } = valueAndGrad(() => crossEntropy(logits(input), target), parameters);
  optimizer.step(gradients);
  return value;
});
const losses = [];
const times = [];
for (let at = 0; at <= steps; at += 1) { losses.push(step(x, y).item()); times.push(lap()); }
const text = step.explain();
console.log(JSON.stringify({ made, first: times[0], later: times.slice(1), losses, parameters: parameters.reduce((s, p) => s + p.value.size, 0) * 4, rss: process.resourceUsage().maxRSS * 1024, head: text.split("\\n")[0], tail: text.split("\\n").slice(-4).join("\\n") }, null, 1));
`;

const folder = mkdtempSync(join(tmpdir(), "nn-large-"));
try {
  const outfile = join(folder, "program.mjs");
  await build({ stdin: { contents: program, resolveDir: fileURLToPath(new URL(".", import.meta.url)) }, bundle: true, platform: "node", format: "esm", outfile, conditions: ["@nn/source"], logLevel: "error" });
  for (const model of options.models.split(",")) for (const checkpointed of { both: [false, true], yes: [true], no: [false] }[options.checkpoint]) {
    const config = { model, checkpointed, batch: Number(options.batch ?? (model === "gpt2" ? 1 : 8)), length: Number(options.length), steps: Number(options.steps), depth: options.depth === undefined ? undefined : Number(options.depth) };
    console.log(JSON.stringify(config));
    const { stdout, stderr, status } = spawnSync(process.execPath, [...(options.prof ? ["--cpu-prof", "--cpu-prof-dir=/tmp/lm"] : []), outfile, JSON.stringify(config)], { encoding: "utf8" });
    console.log(status === 0 ? stdout : stderr.slice(0, 3000));
  }
} finally {
  rmSync(folder, { recursive: true });
}
