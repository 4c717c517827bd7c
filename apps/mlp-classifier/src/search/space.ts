import { choice, float, int, type Parameter } from "@nn/search";
import { didYouMean } from "@nn/tensor/extend";
import { UsageFailure } from "../failure.js";
import { parseFlag, type PartialSettings } from "../settings/merge.js";
import { flagOf, settingByOtherName, settingNames, settingOf, type SettingName } from "../settings/settings.js";

/** What is searched: for each setting a range or some values, as on the command line: `log:1e-4..1e-1`, `0..0.5`, `relu|tanh`. */
export type SearchedSettings = Readonly<Partial<Record<SettingName, string>>>;

/** The parameters of a search, by the names of the settings. */
export type SettingsSpace = Readonly<Record<string, Parameter>>;

/** Settings that do not change what is learned, or without which results could not be compared. */
const fixed: ReadonlySet<SettingName> = new Set(["seed", "compile", "threads"]);

const examples = "such as learningRate=log:1e-4..1e-1, dropout=0..0.5 or activation=relu|tanh";

/**
 * Reads `name=range` or `name=value|value`.
 * @throws UsageFailure, saying what is expected.
 */
export function parseSearched(text: string): readonly [name: SettingName, range: string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new UsageFailure(`--search is ${JSON.stringify(text)}, expected a setting and its values, ${examples}`);
  const [given, range] = [text.slice(0, at), text.slice(at + 1)];
  const key = given.replace(/^--/, "").replace(/-[a-z]/g, (match) => match.slice(1).toUpperCase());
  const name = settingNames.find((each) => each === key) ?? settingByOtherName(key);
  if (name === undefined) throw new UsageFailure(`--search ${text}: there is no setting ${JSON.stringify(given)}${didYouMean(key, settingNames)}`);
  if (settingOf(name).group === "Data" || fixed.has(name)) throw new UsageFailure(`--search ${text}: ${name} cannot be searched, so that the trials can be compared; set it with ${flagOf(name)}`);
  try {
    parameterOf(name, range);
  } catch (cause) {
    throw cause instanceof UsageFailure ? new UsageFailure(`--search ${text}: ${cause.message}`, cause) : cause;
  }
  return [name, range];
}

/** The space of all searched settings. @throws UsageFailure if a range does not fit its setting. */
export function spaceOf(searched: SearchedSettings): SettingsSpace {
  return Object.fromEntries(Object.entries(searched).map(([name, range]) => [name, parameterOf(name as SettingName, range)]));
}

/** The parameter of a setting. */
function parameterOf(name: SettingName, range: string): Parameter {
  const { kind } = settingOf(name);
  const limits = /^(log:)?(.+)\.\.(.+)$/.exec(range);
  if (limits === null || kind.numbers === undefined) return choiceOf(name, range);
  const [low, high] = [limits[2] ?? "", limits[3] ?? ""].map((text) => parseFlag(name, text) as number) as [number, number];
  const log = limits[1] !== undefined;
  if (low >= high) throw new UsageFailure(`${low} is not below ${high}`);
  if (log && low <= 0) throw new UsageFailure("a logarithmic range begins above 0");
  return kind.numbers === "whole" ? int(low, high, { log }) : float(low, high, { log });
}

function choiceOf(name: SettingName, range: string): Parameter {
  const { kind } = settingOf(name);
  const texts = kind.placeholder === undefined && range === "" ? ["true", "false"] : range.split("|").map((each) => each.trim());
  for (const text of texts) parseFlag(name, text);
  if (texts.length < 2) throw new UsageFailure(`there is one value only; separate values with |, ${examples}`);
  if (new Set(texts).size < texts.length) throw new UsageFailure("a value is there twice");
  return choice(texts);
}

/** The settings of a trial. */
export function settingsOfTrial(parameters: Readonly<Record<string, unknown>>): PartialSettings {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, typeof value === "string" ? parseFlag(name as SettingName, value) : value]));
}
