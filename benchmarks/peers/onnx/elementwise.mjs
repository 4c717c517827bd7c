import { attribute, constant, model, node, value } from "./model.mjs";
import { session, sumOfMagnitudes } from "./runtime.mjs";

const scalar = (name, number) => constant(name, Float32Array.of(number), []);

const graphs = (columns) => ({
  exp: { nodes: [node("Exp", ["input"], "output")] },
  softmax: { nodes: [node("Softmax", ["input"], "output", [attribute("axis", -1)])] },
  layerNorm: {
    nodes: [node("LayerNormalization", ["input", "scale"], "output", [attribute("axis", -1), attribute("epsilon", 1e-5)])],
    constants: [constant("scale", new Float32Array(columns).fill(1), [columns])],
  },
  fused: {
    nodes: [
      node("Mul", ["input", "half"], "scaled"),
      node("Add", ["scaled", "quarter"], "left"),
      node("Mul", ["input", "eighth"], "right"),
      node("Max", ["left", "right"], "output"),
    ],
    constants: [scalar("half", 0.5), scalar("quarter", 0.25), scalar("eighth", 0.125)],
  },
});

export async function load({ operation, rows, columns }, setting) {
  const shape = [rows, columns];
  const file = model({ ...graphs(columns)[operation], inputs: [value("input", shape)], outputs: [value("output", shape)] });
  const run = await session(file, { input: { data: setting.values.uniform(rows * columns, 1), shape } }, setting);
  return { run, check: async () => [sumOfMagnitudes(await run()) / (rows * columns)] };
}
