export { TrialQueue } from "./trial-queue.js";
export type { TrialQueueOptions } from "./trial-queue.js";
export { TrialWorker } from "./trial-worker.js";
export type { TrialWorkerOptions, WorkerEvent } from "./trial-worker.js";
export { trialProcessor } from "./trial-processor.js";
export type { Processor, ProcessorJob, WorkerObjective, WorkerTrial } from "./trial-processor.js";
export type { RedisOptions, TrialAnswer, TrialJob } from "./protocol.js";
