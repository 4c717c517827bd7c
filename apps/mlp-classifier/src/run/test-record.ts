import { FileError } from "@nn/files";
import { Recorder } from "@nn/records";
import { openRecordFile, readRecordFile } from "@nn/records/node";
import type { Evaluation } from "../evaluation/evaluate.js";
import { recordConfusion } from "./confusion-record.js";

/** The names of the results on the test examples among the records of a run. */
export const testNames = { loss: "test.loss", accuracy: "test.accuracy" } as const;

/** Adds the result on the test examples to the records of a run that has ended after so many steps. */
export async function recordTest(folder: string, step: number, { state, message }: { readonly state: "completed" | "stopped"; readonly message: string }, { classes, confusion, loss, report }: Evaluation): Promise<void> {
  const recorder = new Recorder([await openRecordFile(folder, { resumeFrom: step })]);
  recorder.scalars(step, { [testNames.loss]: loss, [testNames.accuracy]: report.accuracy });
  recordConfusion(recorder, step, "test", classes, confusion);
  // The state of a run is its last record.
  recorder.status(step, state, message === "" ? {} : { message });
  recorder.close();
}

/** Whether the result on the test examples is recorded for the weights after so many steps: the run is complete. */
export async function isTested(folder: string, step: number): Promise<boolean> {
  const records = await readRecordFile(folder).catch((error: unknown) => {
    if (error instanceof FileError && error.code === "ENOENT") return [];
    throw error;
  });
  return records.some((record) => record.type === "scalars" && record.step === step && Object.hasOwn(record.values, testNames.accuracy));
}
