import { describeValue } from "@nn/tensor/extend";
import { LayerProblem } from "../config.js";
import { describeShape, inSequence, onlyInput, type Converter, type Value } from "../layer.js";
import { Bidirectional, mergeModes, type MergeMode } from "../modules/bidirectional.js";
import { TimeDistributed } from "../modules/layout.js";

const timeDistributed: Converter = (layer) => {
  const { shape } = onlyInput(layer);
  const [steps, ...each] = shape;
  if (steps === undefined || each.length === 0) throw new LayerProblem(`its input is ${describeShape(shape)}, expected [steps, …]`);
  const { modules, value, others = [] } = layer.inner().convert([{ shape: each }], {});
  if (others.length > 0) throw new LayerProblem("the layer in it has several results");
  return { modules: [new TimeDistributed(inSequence(modules))], value: { shape: [steps, ...value.shape] } };
};

const bidirectional: Converter = (layer) => {
  const input = onlyInput(layer);
  const inner = layer.inner();
  const given = layer.config.raw("merge_mode");
  const mode = mergeModes.find((each) => each === (given === undefined ? "concat" : given));
  if (mode === undefined) throw new LayerProblem(`merge_mode is ${describeValue(given)}, expected ${mergeModes.map((each) => JSON.stringify(each)).join(", ")}`);
  layer.config.requireDefault("backward_layer");
  const backwards = inner.config.boolean("go_backwards", false);
  const ahead = inner.convert([input], { scope: `forward_${inner.name}/`, masked: layer.masked });
  const back = inner.convert([input], { scope: `backward_${inner.name}/`, masked: layer.masked, changes: { go_backwards: !backwards } });
  const [[forwardLayer], [backwardLayer]] = [ahead.modules, back.modules];
  if (ahead.maskedResults === undefined || forwardLayer === undefined || backwardLayer === undefined) throw new LayerProblem("the layer in it is not recurrent");
  const [value, ...others] = resultsOf(mode, ahead.value, back.value);
  const all = ahead.maskedResults > 0;
  const states = [...(ahead.others ?? []), ...(back.others ?? [])];
  return { modules: [new Bidirectional(forwardLayer, backwardLayer, mode, all)], value, others: [...others, ...states], takesMask: layer.masked, maskedResults: all ? 1 + others.length : 0 };
};

function resultsOf(mode: MergeMode, ahead: Value, back: Value): [Value, ...Value[]] {
  if (mode === null) return [ahead, back];
  return mode === "concat" ? [{ shape: [...ahead.shape.slice(0, -1), 2 * (ahead.shape.at(-1) ?? 0)] }] : [ahead];
}

export const wrapperLayers: Readonly<Record<string, Converter>> = { Bidirectional: bidirectional, TimeDistributed: timeDistributed };
