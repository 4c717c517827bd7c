import { roofline } from "./roofline.js";
import { coldStart } from "./cold-start.js";
import { elementwise } from "./elementwise.js";
import { epoch } from "./epoch.js";
import { growth } from "./growth.js";
import { inference } from "./inference.js";
import { largeStep } from "./large-step.js";
import { matmul } from "./matmul.js";
import { memory } from "./memory.js";
import { mlpStep } from "./mlp-step.js";
import { mobilenet } from "./mobilenet.js";
import { modelStep } from "./model-step.js";
import type { Workload } from "./workload.js";

export type { Workload } from "./workload.js";

/** All workloads, in the order of the report. */
export const workloads: readonly Workload[] = [roofline, mlpStep, modelStep, largeStep, inference, mobilenet, matmul, elementwise, epoch, coldStart, memory, growth];
