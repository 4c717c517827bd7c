import { buildModel, describeModel, layerClasses, type ModelDescription } from "@nn/layers";
import { tensor, type Tensor } from "@nn/tensor";
import { expect, it } from "vitest";
import { Random } from "../plain/random.js";
import { allLayerEntries } from "../plain/tables.js";

// A layer with `weightNorm` is refused: its arguments do not say so.
const { weightNorm: _, ...entries } = allLayerEntries;

it.each(Object.entries(entries))("%s is made again from its description", (name, entry) => {
  for (const seed of [1, 2, 3, 4]) {
    const trial = entry(new Random(seed));
    const { module } = trial.ours("float32");
    if (module === undefined || layerClasses[name]?.type !== module.constructor) continue;
    const copy = buildModel(JSON.parse(JSON.stringify(describeModel(module.eval(), layerClasses))) as ModelDescription, layerClasses);
    expect(copy.toString()).toBe(module.toString());
    copy.loadStateDict(module.stateDict());
    const [inputs] = [trial.inputs.map(({ data, shape }) => tensor([...data], { shape }))];
    const outputs = [module, copy].map((each) => attempt(() => Reflect.apply(each.forward, each, inputs) as unknown));
    expect(outputs[1]).toEqual(outputs[0]);
  }
});

/** The elements of a result, or the message of the error: inputs of several kinds are not told apart here. */
function attempt(run: () => unknown): unknown {
  try {
    return elementsOf(run());
  } catch (error) {
    return String(error);
  }
}

function elementsOf(result: unknown): unknown {
  if (typeof result === "object" && result !== null && "toArray" in result) return (result as Tensor).toArray();
  return Object.entries(Object(result)).map(([name, value]) => [name, elementsOf(value)]);
}
