import { loadModel, writeModel } from "@nn/model-files";
import { modelClasses } from "@nn/models";
import { expect, it } from "vitest";
import { elementsOf, large } from "../model-files/samples.js";

it.each(Object.entries(large))("a model file holds %s, with equal outputs", async (name, { make, inputs }) => {
  const model = make().eval();
  const copy = await loadModel(writeModel(model, { classes: modelClasses }), { classes: modelClasses });
  expect(copy.constructor).toBe(modelClasses[name]?.type);
  expect(String(copy)).toBe(String(model));
  const [found, expected] = [copy, model].map((each) => elementsOf(Reflect.apply(Reflect.get(each, "forward") as () => unknown, each, inputs)));
  expect(found).toEqual(expected);
});
