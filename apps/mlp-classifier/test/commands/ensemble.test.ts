import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callIn } from "../call.js";
import { temporaryFolder } from "../temporary-folder.js";

const root = temporaryFolder();
const call = callIn(root);

test("an ensemble is one model, for evaluate, predict and inspect; its run continues", async () => {
  const out = join(root, "many");
  const settings = ["--data", "moons", "--hidden", "8", "--ensemble", "3", "--batch-size", "128", "--quiet"];
  const { code, out: text } = await call("train", ...settings, "--epochs", "4", "--out", out);
  expect(code).toBe(0);
  expect(text).toContain("model     3 x (2 → 8 relu → 2), 126 parameters");
  const model = JSON.parse((await call("inspect", out, "--json")).out) as { readonly test: { readonly accuracy: number; readonly loss: number }; readonly weights: object; readonly parameters: number };
  expect(Object.keys(model.weights)).toContain("models.2.0.weight");
  expect(JSON.parse((await call("evaluate", out, "--json")).out)).toMatchObject({ accuracy: model.test.accuracy, loss: model.test.loss });
  expect((await call("inspect", out)).out).toContain("--ensemble 3");
  await writeFile(join(root, "points.csv"), "x,y\n0,1\n1,0\n");
  const rows = (await call("predict", out, join(root, "points.csv"))).out.trimEnd().split("\n").slice(1).map((line) => line.split(",").slice(3).map(Number));
  for (const [a = 0, b = 0] of rows) expect(a + b).toBeCloseTo(1, 5);

  const [first, rest] = [join(root, "first"), await call("train", "--resume", out, "--epochs", "6", "--json", "--quiet")];
  const whole = await call("train", ...settings, "--epochs", "6", "--out", first, "--json");
  const lossesOf = (events: string): unknown[] => events.trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly event: string; readonly trainLoss?: number }).flatMap(({ event, trainLoss }) => (event === "epoch" ? [trainLoss] : []));
  expect([rest.code, whole.code]).toEqual([0, 0]);
  expect(lossesOf(rest.out)).toEqual(lossesOf(whole.out).slice(4));
});
