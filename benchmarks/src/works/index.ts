import { ceiling } from "./ceiling.js";
import { coldStart } from "./cold-start.js";
import { elementwise } from "./elementwise.js";
import { epoch } from "./epoch.js";
import { growth } from "./growth.js";
import { inference } from "./inference.js";
import { matmul } from "./matmul.js";
import { memory } from "./memory.js";
import { mlpStep } from "./mlp-step.js";
import { modelStep } from "./model-step.js";
import type { Work } from "./work.js";

export type { Work } from "./work.js";

/** All works, in the order of the report. */
export const works: readonly Work[] = [ceiling, mlpStep, modelStep, inference, matmul, elementwise, epoch, coldStart, memory, growth];
