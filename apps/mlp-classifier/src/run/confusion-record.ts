import type { Recorder } from "@nn/records";

/** Confusion matrices of more classes, which nobody can read, are not recorded; longer names of classes are cut. */
const most = { classes: 200, name: 100 };

/** Records a confusion matrix after so many steps. */
export function recordConfusion(recorder: Recorder, step: number, name: string, classes: readonly string[], counts: readonly (readonly number[])[]): void {
  if (classes.length <= most.classes) recorder.confusion(step, name, classes.map((each) => each.slice(0, most.name)), counts);
}
