import type { EpochParameters } from "../competitor/load.js";
import type { TimedWorkload } from "./workload.js";

const mnist: EpochParameters = { sizes: [784, 128, 10], batch: 64, images: 60_000, train: false };

export const epoch: TimedWorkload = {
  kind: "timed",
  name: "epoch",
  title: "An epoch of 60,000 images of 784 pixels, batches of 64, shuffled",
  note: "Ours through `DataLoader` and `TensorDataset`, PyTorch's through its classes of these names, in the process that trains. The other libraries have no loader to compare.",
  cases: [
    { name: "loading only", parameters: mnist, competitors: ["nn", "torch"] },
    { name: "loading and an Adam step each", parameters: { ...mnist, train: true }, competitors: ["nn", "torch"] },
  ],
};
