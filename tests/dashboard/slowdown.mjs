// node tests/dashboard/slowdown.mjs [PAIRS]: how much recording and serving slow training down. Needs a build.
//
// Two equal models of digits are trained in turns, one plainly, the other with `dashboard()` and a page that reads its events. The ratio of each
// pair of turns is printed, and their median: of the time that passed and, on Linux, of the time for which a processor ran the training thread.
import { manualSeed } from "@nn/tensor";
import { DataLoader, digits } from "@nn/data";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { fit } from "@nn/train";
import { dashboard } from "@nn/dashboard";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const pairs = Number(process.argv[2] ?? 15);
const epochs = 25;
const runs = mkdtempSync(join(tmpdir(), "nn-slowdown-"));
const { train, test } = digits({ train: 4000, test: 500, seed: 1 });

/** Reads the events of a page until the process ends. */
function watch(address, run) {
  const { port } = new URL(address);
  get({ hostname: "127.0.0.1", port, path: `/api/events?run=${run}@` }, (response) => response.resume()).on("error", () => undefined).unref?.();
}

/** The seconds for which a processor ran this thread; NaN where the system does not tell. */
function processorTime() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e9;
  } catch {
    return NaN;
  }
}

/** The seconds of a training run from the first step to the end: those that passed, and those of the processor. */
async function seconds(plugins) {
  manualSeed(1);
  const model = new Sequential(new Linear(784, 256), new ReLU(), new Linear(256, 10));
  const batches = new DataLoader(train, { batchSize: 64, shuffle: true });
  const validation = new DataLoader(test, { batchSize: 500 });
  const now = () => [performance.now() / 1000, processorTime()];
  let [began, ended] = [now(), now()];
  const clock = {
    name: "clock",
    on({ type, step }) {
      if (type === "step" && step === 1) began = now();
      if (type === "ending") ended = now();
    },
  };
  await fit({ model, loss: crossEntropy, optimizer: new Adam(model.parameters(), { learningRate: 0.001 }), batches, validation, epochs, plugins: [...plugins, clock] });
  return ended.map((each, at) => each - began[at]);
}

const plain = () => seconds([]);
const watched = (name) => seconds([dashboard({ runs, name, onAddress: (address) => watch(address, name) })]);

await plain();
await watched("warm-up");
const ratios = [];
for (let at = 0; at < pairs; at++) {
  const name = `run-${at}`;
  // Whoever comes second finds another machine: the order alternates.
  const [a, b] = at % 2 === 0 ? [await plain(), await watched(name)] : [await watched(name), await plain()].toReversed();
  ratios.push(b.map((each, kind) => each / a[kind]));
  console.log(`pair ${at + 1}: plain ${a[0].toFixed(2)} s, with the dashboard ${b[0].toFixed(2)} s, ratio ${ratios.at(-1).map((each) => each.toFixed(3)).join(", of processor time ")}`);
}
for (const [kind, title] of ["time", "processor time of the training thread"].entries()) {
  const sorted = ratios.map((each) => each[kind]).toSorted((a, b) => a - b);
  console.log(`${title}: median ratio ${sorted[Math.floor(pairs / 2)].toFixed(3)}, quartiles ${sorted[Math.floor(pairs / 4)].toFixed(3)} and ${sorted[Math.floor((3 * pairs) / 4)].toFixed(3)}`);
}
rmSync(runs, { recursive: true });
process.exit(0);
