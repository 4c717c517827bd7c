import { approximation, type ApproximationSettings, type ApproximationView } from "./approximation.js";
import { deepNetwork, type DeepNetworkSettings, type DeepNetworkView } from "./deep-network.js";
import { descent, type DescentSettings, type DescentView } from "./descent.js";
import { digitReader, type DigitReaderSettings, type DigitReaderView } from "./digit-reader.js";
import { perceptron, type PerceptronSettings, type PerceptronView } from "./perceptron.js";
import type { Task } from "./task.js";
import { twoLayers, type TwoLayersSettings, type TwoLayersView } from "./two-layers.js";

/** Settings and view of each task. */
export interface Tasks {
  readonly perceptron: { readonly settings: PerceptronSettings; readonly view: PerceptronView };
  readonly twoLayers: { readonly settings: TwoLayersSettings; readonly view: TwoLayersView };
  readonly deepNetwork: { readonly settings: DeepNetworkSettings; readonly view: DeepNetworkView };
  readonly approximation: { readonly settings: ApproximationSettings; readonly view: ApproximationView };
  readonly digitReader: { readonly settings: DigitReaderSettings; readonly view: DigitReaderView };
  readonly descent: { readonly settings: DescentSettings; readonly view: DescentView };
}

export type TaskName = keyof Tasks;

/** Everything that the worker can train. */
export const tasks: { readonly [Name in TaskName]: (settings: Tasks[Name]["settings"]) => Task<Tasks[Name]["view"]> } = { perceptron, twoLayers, deepNetwork, descent, approximation, digitReader };
