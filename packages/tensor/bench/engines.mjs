// How fast eager operations are in each engine, in a program that has used all dtypes: node bench/engines.mjs [node chromium firefox webkit]
// Prints milliseconds for 256 x 400 elements: the median of 25 samples, taken operation by operation.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { measureIn } from "../../../scripts/measure-in.mjs";

const program = `
import { abs, arange, argSort, concat, cumSum, floor, indexAdd, indexSelect, manualSeed, normal, where } from "./src/index.js";

/** What is done once with small tensors of each dtype, so that every loop has seen what a program of mixed dtypes shows it. */
const methods = { bool: [], int32: ["add", "mul", "sum", "neg"], float32: ["add", "mul", "sum", "neg", "exp", "div"], float64: ["add", "mul", "sum", "neg", "exp", "div"] };
manualSeed(1);
for (let round = 0; round < 50; round++) for (const [dtype, names] of Object.entries(methods)) {
  const x = arange(1, 65).reshape([8, 8]).cast(dtype);
  for (const name of names) ["sum", "neg", "exp"].includes(name) ? x[name]() : x[name](x);
  where(x.less(x.transpose()), x, concat([x, x]).slice([{ stop: 8 }]));
  indexSelect(x, arange(4).cast("int32"), 0);
  x.max(0);
  x.argMax(1);
  argSort(x);
}

const [x, y, row] = [normal([256, 400]), normal([256, 400]), normal([400])];
const [doubles, ints, mask, places] = [x.cast("float64"), x.mul(100).cast("int32"), x.less(y), arange(256).cast("int32")];
const operations = {
  "transpose().add(0)": () => x.transpose().add(0), "abs().sqrt()": () => abs(x).sqrt(), "add": () => x.add(y), "add of a row": () => x.add(row), "mul by a number": () => x.mul(3),
  "add of float64": () => doubles.add(doubles), "add of int32": () => ints.add(ints), "less": () => x.less(y), "where": () => where(mask, x, y), "floor": () => floor(x),
  "exp": () => x.exp(), "cast to int32": () => x.cast("int32"), "sum of rows": () => x.sum(1), "sum of columns": () => x.sum(0), "argMax": () => x.argMax(1), "cumSum": () => cumSum(x, 1),
  "slice": () => x.slice([null, { start: 100, stop: 300 }]), "concat": () => concat([x, x], 1), "indexSelect": () => indexSelect(x, places, 0), "indexAdd": () => indexAdd(x, places, x, 0),
};

export function measure() {
  return Object.entries(operations).map(([name, body]) => {
    const start = performance.now();
    let calls = 0;
    for (; performance.now() - start < 200; calls++) body();
    const repeats = Math.max(1, Math.round(calls / 20));
    const samples = Array.from({ length: 25 }, () => {
      const from = performance.now();
      for (let i = 0; i < repeats; i++) body();
      return (performance.now() - from) / repeats;
    });
    return [name, samples.sort((a, b) => a - b)[12]];
  });
}`;

const { outputFiles } = await build({
  stdin: { contents: program, resolveDir: fileURLToPath(new URL("..", import.meta.url)) }, bundle: true, format: "esm", write: false, conditions: ["@nn/source"], logLevel: "error",
});
const code = outputFiles[0].text;
const engines = process.argv.length > 2 ? process.argv.slice(2) : ["node"];
const results = [];
for (const name of engines) results.push(await measureIn(name, code));
console.log(["ms".padEnd(20), ...engines.map((name) => name.padStart(10))].join(""));
results[0].forEach(([operation], at) => console.log([operation.padEnd(20), ...results.map((rows) => rows[at][1].toFixed(3).padStart(10))].join("")));
