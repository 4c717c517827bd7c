import { dirname, resolve } from "node:path";
import { didYouMean } from "@nn/tensor/extend";
import { parse } from "lossless-json";
import stripJsonComments from "strip-json-comments";
import { UsageFailure } from "../failure.js";
import { isBuiltIn } from "../data/built-in-names.js";
import type { Kind } from "./kind.js";
import { fallbacks, flagOf, settingByOtherName, settingNames, settingOf, type SettingName, type Settings } from "./settings.js";

/** Values for some of the settings. */
export type PartialSettings = Partial<Settings>;

/** All settings; those that depend on other settings are resolved. */
export interface MergedSettings extends Settings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly keep: "best" | "last";
}

/** All settings; those that depend on the data are resolved too. */
export interface ResolvedSettings extends MergedSettings {
  readonly epochs: number;
  readonly batchSize: number;
}

/** The defaults for each kind of data. Tables are small, so an epoch has few steps. */
const standards = { image: { epochs: 20, batchSize: 64 }, table: { epochs: 100, batchSize: 32 } } as const;

/** The settings for data of a kind. */
export function completeSettings(settings: MergedSettings, data: keyof typeof standards): ResolvedSettings {
  return { ...settings, epochs: settings.epochs ?? standards[data].epochs, batchSize: settings.batchSize ?? standards[data].batchSize };
}

/**
 * The settings in the text of a configuration file: a JSON object with some of the settings' names. It may have comments, and a comma
 * after the last setting.
 * @throws UsageFailure naming the file and what is wrong.
 */
export function parseSettings(json: string, file: string): PartialSettings {
  let parsed: unknown;
  try {
    // JSON.parse would keep the last of two equal keys.
    parsed = parse(stripJsonComments(json, { trailingCommas: true }), null, Number);
  } catch (cause) {
    throw new UsageFailure(`${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw new UsageFailure(`${file} is not a JSON object with settings such as "epochs"`);
  const accepted = Object.entries(parsed).map(([key, value]) => {
    const name = settingNames.find((each) => each === key);
    if (name === undefined) {
      const known = settingByOtherName(key);
      throw new UsageFailure(`${file} has an unknown setting "${key}"${known === undefined ? didYouMean(key, settingNames) || `; known are ${settingNames.join(", ")}` : `; did you mean "${known}"?`}`);
    }
    const { kind } = settingOf(name);
    const setting = kind.fromJson(value);
    if (setting === undefined) throw new UsageFailure(`${file}: "${key}" is ${JSON.stringify(value)}, expected ${kind.expected}${hint(value, kind)}`);
    return [name, setting] as const;
  });
  return relativeTo(dirname(file), Object.fromEntries(accepted));
}

/**
 * The settings in the text of a file where a run saved all of them, with some of them changed.
 * @throws UsageFailure naming the file and what is wrong.
 */
export function savedSettings(json: string, file: string, changes: PartialSettings = {}): ResolvedSettings {
  // Nothing is left to the kind of data.
  return completeSettings(mergeSettings(changes, parseSettings(json, file)), "image");
}

/** A path in a configuration file is relative to the folder of the file. */
function relativeTo(folder: string, settings: PartialSettings): PartialSettings {
  const { data, testData } = settings;
  return {
    ...settings,
    ...(data === undefined ? {} : { data: isBuiltIn(data) || data === "-" ? data : resolve(folder, data) }),
    ...(testData === undefined || testData === null ? {} : { testData: resolve(folder, testData) }),
  };
}

/**
 * The value of a setting as written on the command line.
 * @throws UsageFailure saying what is expected.
 */
export function parseFlag(name: SettingName, text: string): unknown {
  const { kind } = settingOf(name);
  const value = kind.fromText(text);
  if (value === undefined) throw new UsageFailure(`${flagOf(name)} is ${JSON.stringify(text)}, expected ${kind.expected}${hint(text, kind)}`);
  return value;
}

/** The most similar valid word. */
function hint(value: unknown, { words }: Kind<unknown>): string {
  return typeof value === "string" && words !== undefined ? didYouMean(value, words) : "";
}

/**
 * Merges all settings: first those of the command line, then of the file, then the defaults. Resolves those that depend on others.
 * @throws UsageFailure if they do not fit together.
 */
export function mergeSettings(fromFlags: PartialSettings, fromFile: PartialSettings = {}): MergedSettings {
  const merged: Settings = { ...fallbacks, ...fromFile, ...fromFlags };
  requireFitting(merged);
  const { optimizer } = merged;
  return {
    ...merged,
    learningRate: merged.learningRate ?? (optimizer === "sgd" ? 0.05 : 0.001),
    momentum: merged.momentum ?? (optimizer === "sgd" ? 0.9 : optimizer === "rmsprop" ? 0 : null),
    weightDecay: merged.weightDecay ?? (optimizer === "adamw" ? 0.01 : 0),
    // The run may be continued from another folder.
    testData: merged.testData === null ? null : resolve(merged.testData),
    keep: merged.keep ?? (merged.validationSplit === 0 ? "last" : "best"),
  };
}

function requireFitting(settings: Settings): void {
  const { optimizer, momentum, patience, schedule, validationSplit, hidden, batchNorm, dropout, batchSize, keep, compile, threads } = settings;
  if (momentum !== null && (optimizer === "adam" || optimizer === "adamw")) {
    throw new UsageFailure(`--momentum does not apply to --optimizer ${optimizer}, only to sgd and rmsprop`);
  }
  if (validationSplit === 0 && patience > 0) throw new UsageFailure("--patience needs validation examples, but --validation-split is 0");
  if (validationSplit === 0 && schedule === "plateau") throw new UsageFailure("--schedule plateau needs validation examples, but --validation-split is 0");
  if (validationSplit === 0 && keep === "best") throw new UsageFailure("--keep best needs validation examples, but --validation-split is 0");
  if (threads !== null && !compile) throw new UsageFailure("--threads applies to compiled steps only, but --no-compile is given");
  if (hidden.length === 0 && batchNorm) throw new UsageFailure("--batch-norm needs a hidden layer, but --hidden is none");
  if (hidden.length === 0 && dropout > 0) throw new UsageFailure("--dropout needs a hidden layer, but --hidden is none");
  if (batchNorm && batchSize === 1) throw new UsageFailure("--batch-norm needs a --batch-size of at least 2");
}
