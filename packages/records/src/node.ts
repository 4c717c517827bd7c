/**
 * Records of training runs in files: JSON Lines, which others can follow while they grow, and event files of TensorBoard.
 *
 * @packageDocumentation
 */
export { openRecordFile, type RecordFile, type RecordFileOptions } from "./file/record-file.js";
export { readRecordFile, RecordFollower, type NewRecords, type RecordFollowerOptions } from "./file/follow.js";
export { findRuns, type FoundRun } from "./file/find-runs.js";
export { recordFileName } from "./file/lines.js";
export { isWriterAlive } from "./file/record-lock.js";
export { CommandReader, sendCommand } from "./file/commands.js";
export { TensorBoardFile, type TensorBoardFileOptions } from "./tensorboard/tensorboard-file.js";
