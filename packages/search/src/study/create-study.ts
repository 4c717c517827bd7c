import { ArgumentError } from "@nn/tensor";
import { describeValue, escapeControls, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { Pruner } from "../pruners/pruner.js";
import type { Sampler } from "../samplers/sampler.js";
import { tpeSampler } from "../samplers/tpe-sampler.js";
import type { Space } from "../space/parameters.js";
import { requireSpace } from "../space/space.js";
import type { Direction, StudyDescription } from "../storage/events.js";
import { MemoryStorage } from "../storage/memory-storage.js";
import type { Storage } from "../storage/storage.js";
import { LoggedStudy } from "./logged-study.js";
import type { Study } from "./study.js";

/** Options of {@link createStudy}. */
export interface StudyOptions<S extends Space> {
  readonly space: S;
  /** Whether small or large values are better; default `"minimize"`. */
  readonly direction?: Direction | undefined;
  /** Chooses the parameters of trials; default {@link tpeSampler}. */
  readonly sampler?: Sampler | undefined;
  /** Decides which trials to prune; default: none is pruned. */
  readonly pruner?: Pruner | undefined;
  /** The seed of all random choices, a whole number from 0; default 0. */
  readonly seed?: number | undefined;
  /** Keeps the trials; default: a {@link MemoryStorage}. */
  readonly storage?: Storage | undefined;
}

const studyOptions: OptionKinds<StudyOptions<Space>> = { space: "any", direction: ["minimize", "maximize"], sampler: "any", pruner: "any", seed: "size", storage: "any" };

/**
 * Creates a study, which searches a space for the parameters with the best value. If the storage already has trials, the study continues with them.
 *
 * @example
 * ```ts
 * import { createStudy, float } from "@nn/search";
 *
 * const study = await createStudy({ space: { x: float(-10, 10) }, seed: 1 });
 * await study.optimize(({ x }) => (x - 2) ** 2, { trials: 60 });
 * Math.abs(study.best.parameters.x - 2) < 0.5; // => true
 * ```
 * @throws ArgumentError for a wrong option, or a storage that has a study of another space, direction or seed.
 */
export async function createStudy<S extends Space>(options: StudyOptions<S>): Promise<Study<S>> {
  const operation = "createStudy";
  requireOptions(operation, options, studyOptions);
  const { space, direction = "minimize", sampler = tpeSampler(), pruner, seed = 0, storage = new MemoryStorage() } = Object(options) as StudyOptions<S>;
  requireSpace(operation, space);
  requireMethods(operation, "sampler", sampler, ["suggest"]);
  requireMethods(operation, "storage", storage, ["open", "append", "read", "isAlive"]);
  if (pruner !== undefined) requireMethods(operation, "pruner", pruner, ["shouldPrune"]);
  const description: StudyDescription = { format: "nn-search", version: 1, space, direction, seed };
  requireSame(operation, description, await storage.open(description));
  const study = new LoggedStudy({ space, direction, sampler, pruner, seed, storage });
  await study.refresh();
  return study;
}

function requireMethods(operation: string, what: string, value: unknown, methods: readonly string[]): void {
  const record: Readonly<Record<string, unknown>> = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  const missing = methods.find((method) => typeof record[method] !== "function");
  if (missing !== undefined) throw new ArgumentError(`${operation}: ${what} is ${describeValue(value)}, expected a ${what} with a method ${missing}`);
}

/** Refuses to continue another study. */
function requireSame(operation: string, expected: StudyDescription, stored: StudyDescription): void {
  for (const name of ["format", "version", "direction", "seed", "space"] as const) {
    const [ours, theirs] = [JSON.stringify(expected[name]), JSON.stringify(stored?.[name]) ?? "undefined"];
    if (ours !== theirs) throw new ArgumentError(`${operation}: the storage has a study with ${name} ${shortened(theirs)}, expected ${shortened(ours)}; use another storage, or the same ${name}`);
  }
}

function shortened(json: string): string {
  return escapeControls(json.length > 300 ? `${json.slice(0, 300)}…` : json);
}
