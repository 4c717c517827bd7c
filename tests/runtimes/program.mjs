// Prints what the packages compute in the runtime that runs this file, a line of JSON for each thing: { name, value } or { name, error }. `npm run test:runtimes` compares runtimes.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, readCsvFile, TensorDataset } from "@nn/data";
import { loadSafetensors, saveSafetensors } from "@nn/io";
import { Conv2d, Dropout, Embedding, Flatten, GELU, LayerNorm, Linear, LSTM, MaxPool2d, Module, ReLU, Sequential, TransformerEncoderLayer } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { native } from "@nn/native";
import { Adam } from "@nn/optim";
import { Recorder } from "@nn/records";
import { openRecordFile, readRecordFile } from "@nn/records/node";
import { manualSeed, normal, randomIntegers, select } from "@nn/tensor";

class Recurrent extends Module {
  lstm = new LSTM(8, 24, { batchFirst: true });
  output = new Linear(24, 10);
  forward(x) {
    return this.output.forward(select(this.lstm.forward(x).output, 1, -1));
  }
}

class Attending extends Module {
  embedding = new Embedding(12, 32);
  block = new TransformerEncoderLayer(32, 4, { feedForward: 64, dropout: 0.1, batchFirst: true });
  output = new Linear(32, 10);
  forward(x) {
    return this.output.forward(select(this.block.forward(this.embedding.forward(x), { causal: true }), 1, -1));
  }
}

const networks = {
  MLP: () => [new Sequential(new Linear(96, 64), new GELU(), new LayerNorm(64), new Dropout(0.2), new Linear(64, 10)), normal([32, 96])],
  CNN: () => [new Sequential(new Conv2d(1, 8, 3, { padding: 1 }), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(8 * 49, 10)), normal([32, 1, 14, 14])],
  LSTM: () => [new Recurrent(), normal([32, 6, 8])],
  Transformer: () => [new Attending(), randomIntegers([32, 10], { low: 0, high: 12 })],
};

/** The losses of some training steps; `options` are those of `compile`. Without them the steps run eagerly. */
function losses(network, options, steps = 12) {
  manualSeed(3);
  const [model, x] = networks[network]();
  const y = randomIntegers([32], { low: 0, high: 10 });
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: 0.01 });
  const train = (input, target) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(input), target), parameters);
    optimizer.step(gradients);
    return value;
  };
  const step = options === undefined ? train : compile(train, options);
  return Array.from({ length: steps }, () => step(x, y).item());
}

async function show(name, work) {
  let line;
  try {
    line = { name, value: await work() };
  } catch (error) {
    line = { name, error: String(error?.stack ?? error) };
  }
  console.log(JSON.stringify(line));
}

const target = await native();

await show("whether machine code runs", () => target.reason ?? "yes");
for (const network of Object.keys(networks)) {
  await show(`${network}: eager`, () => losses(network));
  await show(`${network}: compiled`, () => losses(network, {}));
  await show(`${network}: machine code`, () => losses(network, { target }));
  await show(`${network}: two threads`, () => losses(network, { threads: 2 }));
  await show(`${network}: machine code, two threads`, () => losses(network, { target, threads: 2 }));
}
// The memory grows and may move: programs that were loaded before must find it again.
await show("machine code after the memory has grown", () => {
  const product = compile((a, b) => a.matmul(b).mean(), { target });
  manualSeed(5);
  const [a, b] = [normal([64, 64]), normal([64, 64])];
  const large = compile((c) => c.matmul(c.transpose(0, 1)).mean(), { target });
  return [product(a, b).item(), large(normal([3000, 3000])).item(), product(a, b).item()];
});
await show("two threads run the machine code of large products", () => {
  const product = compile((a, b) => a.matmul(b), { target, threads: 2 });
  manualSeed(6);
  const [a, b] = [normal([256, 256]), normal([256, 256])];
  const sum = product(a, b).sum().item();
  return [sum, product.explain().split("\n")[0].replace(/, built in .*/, "")];
});
await show("the error for an index out of range, with machine code around it", () => {
  const embedding = new Embedding(4, 64);
  const rows = compile((x) => embedding.forward(x), { target });
  try {
    return rows(randomIntegers([40], { low: 0, high: 9 })).shape;
  } catch (error) {
    return error.message;
  }
});

const folder = await mkdtemp(join(tmpdir(), "nn-runtime-"));
await show("safetensors", async () => {
  manualSeed(7);
  const tensor = normal([3, 5]);
  await saveSafetensors(join(folder, "a.safetensors"), { tensor });
  return (await loadSafetensors(join(folder, "a.safetensors"))).tensors.tensor.toArray().flat();
});
await show("CSV", async () => {
  await writeFile(join(folder, "a.csv"), "x,y\n1,2\n3,4\n");
  return String(await readCsvFile(join(folder, "a.csv")));
});
await show("records", async () => {
  const recorder = new Recorder([await openRecordFile(join(folder, "run"))], { clock: () => 5 });
  recorder.scalars(1, { loss: 0.5 });
  recorder.close();
  return readRecordFile(join(folder, "run"));
});
await rm(folder, { recursive: true });
await show("data loader", async () => {
  manualSeed(9);
  const sums = [];
  for await (const [x] of new DataLoader(new TensorDataset(normal([40, 3])), { batchSize: 16, shuffle: true, seed: 1 })) sums.push(x.sum().item());
  return sums;
});
