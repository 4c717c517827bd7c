// Compares the speed of eager execution in this checkout with that in another one, whose dependencies are installed:
//   node benchmarks/eager-versions.mjs OTHER [--engine node] [--only TEXT] [--float32]
// Prints microseconds of both and the ratio of the speeds: above 1, this checkout is faster. --engine is node, chromium, firefox or webkit; --only takes the
// operations whose name contains TEXT; --float32 leaves out the calls that show each loop all dtypes before it is measured.
import { build } from "esbuild";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { measureIn } from "../scripts/measure-in.mjs";
import { chosen, commandLine, refuse, text } from "./command-line.mjs";

const { values: { only, float32, ...values }, positionals: [other] } = commandLine({ engine: text("node"), only: text(""), float32: { type: "boolean", default: false } }, { allowPositionals: true });
const [engine] = chosen("engine", values.engine, ["node", "chromium", "firefox", "webkit"]);
if (other === undefined) refuse("usage: node benchmarks/eager-versions.mjs OTHER [--engine node] [--only TEXT] [--float32]");

const program = `
import * as nn from "@nn/tensor";
import { valueAndGrad } from "@nn/autograd";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, SGD } from "@nn/optim";

/** What is done once with small tensors of each dtype, so that every loop has seen what a program of mixed dtypes shows it. */
export function useAllDTypes() {
  const numeric = ["add", "sub", "mul", "neg", "abs", "maximum", "sum", "max"];
  const methods = { bool: [], int32: numeric, float32: [...numeric, "div", "exp", "log", "tanh", "sqrt", "sigmoid"], float64: [...numeric, "div", "exp", "log", "tanh", "sqrt", "sigmoid"] };
  for (let round = 0; round < 50; round++) for (const [dtype, names] of Object.entries(methods)) {
    const x = nn.arange(1, 65).reshape([8, 8]).cast(dtype);
    for (const name of names) x[name].length === 1 && !["sum", "max"].includes(name) ? x[name](x) : x[name]();
    nn.where(x.less(x.transpose()), x, nn.concat([x, x]).slice([{ stop: 8 }]));
    for (const to of ["bool", "int32", "float32", "float64"]) x.cast(to);
    x.argMax(1);
  }
}

const positive = (n) => nn.uniform([n], { low: 0.1, high: 1 });

function ofSize(n) {
  const [x, y] = [positive(n), positive(n)];
  const [ints, doubles, row] = [x.mul(100).cast("int32"), x.cast("float64"), positive(Math.max(1, n >> 3))];
  const [matrix, mask, column] = [x.reshape([n / row.size, row.size]), x.less(y), positive(n / row.size).unsqueeze(1)];
  return {
    neg: () => x.neg(), exp: () => x.exp(), sqrt: () => x.sqrt(), log: () => x.log(), tanh: () => x.tanh(), sigmoid: () => x.sigmoid(), sign: () => nn.sign(x), round: () => nn.round(x), sin: () => nn.sin(x),
    erf: () => nn.erf(x), relu: () => x.relu(), add: () => x.add(y), "add number": () => x.add(1), "add row": () => matrix.add(row), sub: () => x.sub(y), mul: () => x.mul(y), div: () => x.div(y), maximum: () => x.maximum(y),
    pow: () => x.pow(y), less: () => x.less(y), equal: () => x.equal(y), where: () => nn.where(mask, x, y), "not": () => mask.logicalNot(), "and": () => mask.logicalAnd(mask),
    "to int32": () => x.cast("int32"), "to bool": () => x.cast("bool"), "to float64": () => x.cast("float64"), "int32 to float32": () => ints.cast("float32"), "bool to float32": () => mask.cast("float32"),
    "int32 add": () => ints.add(ints), "int32 mul": () => ints.mul(ints), "int32 neg": () => ints.neg(), "int32 less": () => ints.less(ints), "int32 sum": () => ints.sum(),
    "float64 add": () => doubles.add(doubles), "float64 exp": () => doubles.exp(), "float64 div": () => doubles.div(doubles),
    sum: () => x.sum(), "sum rows": () => matrix.sum(1), "sum columns": () => matrix.sum(0), max: () => matrix.max(1), argMax: () => matrix.argMax(1),
    transpose: () => matrix.transpose(), "expand row": () => row.expand(matrix.shape), "expand column": () => column.expand(matrix.shape), "add column": () => matrix.add(column), softmax: () => matrix.softmax(),
  };
}

function trainer(sizes, batch, Optimizer) {
  const model = new Sequential(...sizes.slice(1).flatMap((size, at) => [new Linear(sizes[at], size), ...(at < sizes.length - 2 ? [new ReLU()] : [])]));
  const parameters = model.parameters();
  const optimizer = new Optimizer(parameters, { learningRate: 0.01 });
  const [x, y] = [nn.normal([batch, sizes[0]]), nn.arange(batch).cast("int32").cast("float32").mul(0).cast("int32")];
  return () => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  };
}

export function operations() {
  nn.manualSeed(1);
  const named = [16, 256, 1024, 4096, 65536].flatMap((n) => Object.entries(ofSize(n)).map(([name, body]) => [name + " of " + n, body]));
  const steps = { "SGD step 4-16-3": trainer([4, 16, 3], 16, SGD), "Adam step 4-16-3": trainer([4, 16, 3], 16, Adam), "Adam step 64-128-10": trainer([64, 128, 10], 32, Adam), "SGD step 784-128-10": trainer([784, 128, 10], 64, SGD) };
  return [...named, ...Object.entries(steps)];
}`;

/** The program of a checkout, as a script that defines the variable `name`. */
async function scriptOf(checkout, name) {
  const stdin = { contents: program, resolveDir: resolve(checkout, "benchmarks") };
  const { outputFiles } = await build({ stdin, bundle: true, format: "iife", globalName: name, write: false, conditions: ["@nn/source"], logLevel: "error" });
  return outputFiles[0].text;
}

const comparison = `
/** Microseconds of one call. */
function time(body, calls) {
  const from = performance.now();
  for (let i = 0; i < calls; i++) body();
  return ((performance.now() - from) / calls) * 1000;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const sampleMilliseconds = 3;
const samples = 41;

/** Times of both, taken in turns, of which each is first in every other turn: a slow moment of the machine slows both. */
function compare(ours, theirs) {
  const warm = performance.now();
  let calls = 0;
  while (performance.now() - warm < 120) for (let i = 0; i < 10; i++, calls++) (ours(), theirs());
  const each = Math.max(1, Math.round((calls / 120) * 2 * sampleMilliseconds));
  const pairs = Array.from({ length: samples }, (_, turn) => {
    if (turn % 2 === 1) return [time(theirs, each), time(ours, each)].toReversed();
    return [time(ours, each), time(theirs, each)];
  });
  return { ours: median(pairs.map(([a]) => a)), theirs: median(pairs.map(([, b]) => b)), ratio: median(pairs.map(([a, b]) => b / a)) };
}

export function measure() {
  if (!${float32}) for (const each of [ours, theirs]) each.useAllDTypes();
  const others = new Map(theirs.operations());
  return ours.operations().filter(([name]) => name.includes(${JSON.stringify(only)})).map(([name, body]) => ({ name, ...compare(body, others.get(name)) }));
}`;

const scripts = [await scriptOf(fileURLToPath(new URL("..", import.meta.url)), "ours"), await scriptOf(other, "theirs")];
const rows = await measureIn(engine, [...scripts, comparison].join("\n"));
console.log(`${"µs of a call".padEnd(28)}${"this".padStart(10)}${"other".padStart(10)}${"speed".padStart(8)}`);
for (const { name, ours, theirs, ratio } of rows) console.log(`${name.padEnd(28)}${ours.toFixed(2).padStart(10)}${theirs.toFixed(2).padStart(10)}${ratio.toFixed(2).padStart(8)}`);
console.log(`geometric mean ${Math.exp(rows.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / rows.length).toFixed(3)}, lowest ${Math.min(...rows.map(({ ratio }) => ratio)).toFixed(2)}`);
