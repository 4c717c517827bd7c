import { ArgumentError } from "@nn/tensor";
import { describeValue, requireKind } from "@nn/tensor/extend";
import type { Space } from "../space/parameters.js";

/** The description of a study, which a storage keeps besides its events. A study continues only if the description is the same. */
export interface StudyDescription {
  readonly format: "nn-search";
  readonly version: 1;
  readonly space: Space;
  readonly direction: Direction;
  readonly seed: number;
}

/** Whether small or large values are better. */
export type Direction = "minimize" | "maximize";

/** The state of a trial that has ended. */
export type FinishedState = "completed" | "pruned" | "failed";

/** An event in a study. The ordered list of events determines all trials. */
export type StudyEvent =
  | {
    readonly event: "start";
    readonly number: number;
    /** The number of the attempt: 0, and one more each time that the trial is taken over. */
    readonly attempt: number;
    /** Distinguishes the events of different writers. */
    readonly id: string;
    /** The process that runs the trial, for {@link Storage.isAlive}. */
    readonly owner: string;
    readonly parameters: unknown;
  }
  | { readonly event: "report"; readonly number: number; readonly attempt: number; readonly step: number; readonly value: number }
  | { readonly event: "finish"; readonly number: number; readonly attempt: number; readonly state: FinishedState; readonly value?: number; readonly reason?: string }
  /** The trial was interrupted and must be run again. */
  | { readonly event: "release"; readonly number: number; readonly attempt: number };

type Fields = Readonly<Record<string, readonly [kind: "size" | "string" | "finite" | "any" | readonly string[], optional?: "optional"]>>;

const common = { number: ["size"], attempt: ["size"] } as const satisfies Fields;

const fieldsOf: Readonly<Record<StudyEvent["event"], Fields>> = {
  start: { ...common, id: ["string"], owner: ["string"], parameters: ["any"] },
  report: { ...common, step: ["size"], value: ["finite"] },
  finish: { ...common, state: [["completed", "pruned", "failed"]], value: ["finite", "optional"], reason: ["string", "optional"] },
  release: common,
};

/**
 * Refuses values that are not events of a study, such as a line of a file that another program wrote.
 * @throws ArgumentError that names the field.
 */
export function requireEvent(operation: string, value: unknown): asserts value is StudyEvent {
  if (typeof value !== "object" || value === null) throw new ArgumentError(`${operation}: an event is ${describeValue(value)}, expected an object`);
  const record: Readonly<Record<string, unknown>> = { ...value };
  requireKind(operation, "event", record["event"], Object.keys(fieldsOf));
  const event = record["event"] as StudyEvent["event"];
  for (const [name, [kind, optional]] of Object.entries(fieldsOf[event])) {
    if (record[name] === undefined && optional === "optional") continue;
    requireKind(operation, `${name} of "${event}"`, record[name], kind);
  }
  const unknown = Object.keys(record).find((name) => name !== "event" && !Object.hasOwn(fieldsOf[event], name));
  if (unknown !== undefined) throw new ArgumentError(`${operation}: the event "${event}" has an unknown field "${unknown}"`);
  if (event === "finish" && record["state"] === "completed" && record["value"] === undefined) throw new ArgumentError(`${operation}: a completed trial has no value`);
}
