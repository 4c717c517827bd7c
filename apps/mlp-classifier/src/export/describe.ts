import { basename } from "node:path";
import { version } from "../cli/version.js";
import { describeArchitecture } from "../model/describe.js";
import type { SavedModel } from "../model/saved-model.js";
import { counted, percent } from "../terminal/format.js";

/** What a model tells: the column of the classes, or what the images were. */
export const subjectOf = ({ input, settings }: SavedModel): string => (input.kind === "table" ? input.target : basename(settings.data));

/** Where a model comes from, in a line. */
export const originOf = ({ settings }: SavedModel): string => `trained by nn-mlp ${version} on ${basename(settings.data)}`;

/** The network and what it reached, in a line. */
export function qualityOf({ architecture, test }: SavedModel): string {
  return `${describeArchitecture(architecture)}; ${test === null ? "not tested" : `accuracy ${percent(test.accuracy)} on ${counted(test.examples, "test example")}`}`;
}
