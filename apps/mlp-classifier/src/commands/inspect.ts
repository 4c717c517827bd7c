import { summary } from "@nn/layers";
import { TableEncoder } from "@nn/data";
import { listed } from "../data/column-warnings.js";
import { describeForm } from "../data/images/image-file.js";
import { countParameters } from "../model/architecture.js";
import { describeArchitecture } from "../model/describe.js";
import { readModel } from "../model/model-file.js";
import { networkOf, type SavedModel } from "../model/saved-model.js";
import { commandFor } from "../settings/command.js";
import { describeFacts } from "../terminal/facts.js";
import { counted, loss, percent } from "../terminal/format.js";
import { escapeControls } from "@nn/tensor/extend";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of an inspection. */
export interface InspectRequest {
  /** A model file, or the folder of a run. */
  readonly model: string;
  readonly json: boolean;
}

/** Shows a saved model: its layers, input, classes, and the run that trained it. */
export async function inspect({ model: path, json }: InspectRequest, terminal: Terminal): Promise<void> {
  const { file, model } = await readModel(path);
  const network = networkOf(file, model);
  const { architecture, classes, input, settings, epoch, test } = model;
  const parameters = countParameters(network);
  if (json) {
    const weights = Object.fromEntries(Object.entries(network.stateDict()).map(([name, { shape, dtype }]) => [name, { shape, dtype }]));
    terminal.event("model", { file, architecture, parameters, weights, classes, input, settings, epoch, test });
    return;
  }
  const facts = [
    ["file", file],
    ["network", `${describeArchitecture(architecture)}, ${counted(parameters, "parameter")}`],
    ["input", describeInput(model)],
    ["classes", classes.length > 12 ? `${counted(classes.length, "class", "classes")}: ${listed(classes)}` : listed(classes)],
    ["weights", `of epoch ${epoch}`],
    ["test", test === null ? "not known: the run did not come to its end" : `accuracy ${percent(test.accuracy)}, loss ${loss(test.loss)} on ${counted(test.examples, "example")}`],
  ] as const;
  terminal.print(...describeFacts(facts, terminal.style, terminal.columns), "", summary(network, [1, architecture.features]), "", terminal.style.dim("trained by"), commandFor(settings));
}

function describeInput({ input }: SavedModel): string {
  if (input.kind === "image") return `${describeForm(input)}, pixels scaled to 0 … 1`;
  const { featureNames } = TableEncoder.fromJSON(input.encoder);
  return `${counted(featureNames.length, "feature")} (numbers standardised): ${listed(featureNames)}; target ${escapeControls(input.target)}`;
}
