/** The forms in which what has been trained can be saved. */
export const fileFormats = ["javascript", "onnx"] as const;
export type FileFormat = (typeof fileFormats)[number];

/** A text, or bytes. */
export type FileContent = string | Uint8Array<ArrayBuffer>;

/** Something that trains in steps: what the worker runs, and what a figure shows. */
export interface Task<View, Change = never> {
  /** One step of training. While it is awaited, nothing else is asked of the task. */
  step(): void | Promise<void>;
  /** What the figure shows, as plain numbers and arrays. They are never changed in place: a field that is the same object as before is not sent to the figure again. */
  view(): View;
  /** Whether another step would change nothing, or lead nowhere. */
  isDone(): boolean;
  /** Compiles what the next steps and views need. Called when the first view is shown and nothing else is asked of the task, so that training moves at once. */
  prepare?(): void;
  /** Changes what trains, without beginning anew. */
  change?(change: Change): void;
  /** What has been trained, as the content of a file. What writes it is loaded when it is asked for. */
  save?(format: FileFormat): Promise<FileContent>;
  /** Frees what the task holds, when another one takes its place. */
  dispose?(): void;
}
