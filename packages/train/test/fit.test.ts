import { DataLoader, TensorDataset } from "@nn/data";
import { Dropout, Linear, Sequential, Tanh } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam } from "@nn/optim";
import { manualSeed, tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { checkpoints, earlyStopping, fit, memoryStorage } from "@nn/train";

test("smoke", async () => {
  manualSeed(3);
  const model = new Sequential(new Linear(2, 8), new Tanh(), new Dropout(0.2), new Linear(8, 2));
  const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(i * 1.7)]);
  const y = x.map(([a = 0, b = 0]) => Number(a * b > 0));
  const data = new TensorDataset(tensor(x), tensor(y, { dtype: "int32" }));
  const storage = memoryStorage();
  const training = fit({
    model, loss: crossEntropy, optimizer: new Adam(model.parameters(), { learningRate: 0.05 }), epochs: 5,
    batches: new DataLoader(data, { batchSize: 8, shuffle: true }), validation: new DataLoader(data, { batchSize: 16 }),
    plugins: [earlyStopping({ monitor: "validation.loss" }), checkpoints(storage)], readEvery: 2,
  });
  const types: string[] = [];
  for await (const event of training) {
    types.push(event.type);
    if (event.type === "epoch") console.log(event.values.validation.loss, event.values.training.loss, event.best);
  }
  const result = await training;
  console.log(types.join(" "), result.outcome, result.best?.epoch, await storage.list());
  expect(result.outcome).toBe("completed");
});
