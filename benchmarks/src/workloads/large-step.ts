import { product, resnet18Flops, stepFlops, transformerBlocksFlops } from "./networks.js";
import type { Case, TimedWorkload } from "./workload.js";

const batch = 8;
const competitors = ["roofline", "nn", "nn-native", "torch", "torch-avx2"] as const;

function caseOf(name: string, model: "resnet18" | "gpt2" | "bert", flops: number): Case {
  return { name, parameters: { model, batch }, cost: { kind: "arithmetic", flops }, competitors };
}

const images = resnet18Flops(64);
const tokens = { batch, steps: 128 };

export const largeStep: TimedWorkload = {
  kind: "timed",
  name: "large-step",
  title: "One Adam step of larger networks",
  note:
    "ResNet-18: images 64x64, batch 8, 1000 classes. GPT-2: 6 blocks of 384 features and 6 heads, 65 characters, batch 8 of 128. BERT-mini: 4 layers of 256 features and 4 heads, " +
    "30,522 words, batch 8 of 128, two classes. Without dropout, so that losses can be compared. The roofline counts the products only.",
  cases: [
    caseOf("ResNet-18", "resnet18", stepFlops(batch * images.forward, batch * images.first)),
    caseOf("GPT-2, 6 blocks", "gpt2", stepFlops(transformerBlocksFlops({ ...tokens, features: 384, blocks: 6 }) + product(batch * 128, 384, 65))),
    caseOf("BERT-mini", "bert", stepFlops(transformerBlocksFlops({ ...tokens, features: 256, blocks: 4 }))),
  ],
};
