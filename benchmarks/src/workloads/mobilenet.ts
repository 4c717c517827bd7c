import { mobilenetFlops } from "./networks.js";
import type { TimedWorkload } from "./workload.js";

export const mobilenet: TimedWorkload = {
  kind: "timed",
  name: "mobilenet",
  title: "Inference of MobileNet v2",
  note: "One image of 224x224 as an array in memory; the scores of 1000 classes are returned as an array.",
  cases: [
    {
      name: "MobileNet v2, batch 1",
      parameters: { size: 224 },
      cost: { kind: "arithmetic", flops: mobilenetFlops(224) },
      competitors: ["roofline", "nn", "nn-native", "torch", "torch-avx2", "ort-node", "ort-web"],
    },
  ],
};
