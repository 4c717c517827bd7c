import type { Sequential } from "@nn/layers";
import { toJavaScript } from "@nn/layers/javascript";
import { features, picturePixels, pictureSide, type FeatureName } from "./choices.js";
import { quoted } from "./quoted.js";
import { classCount, classNames, featureCount, inputCount, inputKind, isOwn, type PlaygroundSettings } from "./settings.js";

/** A trained network as a module of JavaScript: `predict` takes a point of the plane, or the numbers of a table as they are there. */
export function trainedModuleOf(settings: PlaygroundSettings, model: Sequential): string {
  const classes = classCount(settings);
  return toJavaScript(model, {
    inputs: inputCount(settings),
    features: featureCount(settings),
    description: ["A network that was trained in the playground of nn.", `predict(row) takes ${rowText(settings)}, and gives ${answerText(classes)}.`],
    declarations: declarationsOf(settings, classes),
    prepare: prepareOf(settings),
    finish: finishOf(settings, classes),
  });
}

/** The columns of a table. */
const columnsOf = ({ own, data }: PlaygroundSettings) => (isOwn(data) ? own?.columns : undefined);

function rowText(settings: PlaygroundSettings): string {
  if (inputKind(settings) === "pictures") return `the ${picturePixels} pixels of a picture, ${pictureSide} in a row, row by row from the top left: 0 is paper, 1 is ink`;
  const columns = columnsOf(settings);
  return columns === undefined ? "the two coordinates of a point" : `the numbers of ${columns.map(({ name }) => quoted(name)).join(", ")}`;
}

const answerText = (classes: number): string => (classes === 0 ? "a list of one value" : "the probability of each class");

function declarationsOf(settings: PlaygroundSettings, classes: number): readonly string[] {
  const columns = columnsOf(settings);
  return [
    ...(columns === undefined ? [] : [`/** The lowest and the highest number of each column. */\nconst [lows, highs] = [${JSON.stringify(columns.map(({ low }) => low))}, ${JSON.stringify(columns.map(({ high }) => high))}];`]),
    ...(classes === 0 ? [] : [`export const classes = [${classNames(settings).map(quoted).join(", ")}];`]),
  ];
}

/** Scales the columns of a table to −5 … 5, and computes the features. */
function prepareOf(settings: PlaygroundSettings): readonly string[] | undefined {
  const kind = inputKind(settings);
  if (kind === "pictures") return undefined;
  const scaled = columnsOf(settings) !== undefined ? "row.map((v, at) => (10 * (v - lows[at])) / (highs[at] - lows[at] || 1) - 5)" : "row";
  if (kind === "columns") return [`const scaled = ${scaled};`, `let x = [${settings.features.map((name) => `scaled[${name.slice(1)}]`).join(", ")}];`];
  return [`const [x1, x2] = ${scaled};`, `let x = [${settings.features.map((name) => features[name as FeatureName].plain).join(", ")}];`];
}

/** Makes probabilities of the logits, and of the value the number that the table has. */
function finishOf({ own, data }: PlaygroundSettings, classes: number): readonly string[] {
  if (classes === 2) return ["const second = 1 / (1 + Math.exp(-x[0]));", "x = [1 - second, second];"];
  if (classes > 2) return ["const largest = Math.max(...x);", "const powers = x.map((v) => Math.exp(v - largest));", "const total = powers.reduce((sum, v) => sum + v, 0);", "x = powers.map((v) => v / total);"];
  const target = isOwn(data) ? own?.target : undefined;
  return target === undefined ? [] : [`// From −1 … 1 to the numbers of ${quoted(target.name)}.`, `x = x.map((v) => ${target.low} + ((v + 1) / 2) * ${target.high - target.low});`];
}
