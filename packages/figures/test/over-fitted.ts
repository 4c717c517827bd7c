import { overFitting, type OverFittingSettings, type OverFittingView } from "../src/tasks/over-fitting.js";
import { trainedToEnd } from "./trained.js";

const plain: OverFittingSettings = { neurons: 64, weightDecay: 0, dropout: false, batchNorm: false, mixup: false, earlyStopping: false, ensemble: false, seed: 5 };

/** What a large network shows at the end of its training. */
export const overFitted = (settings: Partial<OverFittingSettings> = {}): OverFittingView => trainedToEnd(overFitting({ ...plain, ...settings }));

export const last = (losses: readonly number[]): number => losses.at(-1) ?? NaN;
