import { invocation } from "../cli/invocation.js";
import { mergeSettings, type MergedSettings, type ResolvedSettings } from "./merge.js";
import { flagOf, settingNames, type SettingName } from "./settings.js";

/** The command line of a run: only what differs from the defaults. */
export function commandFor(settings: ResolvedSettings): string {
  const standard = mergeSettings({ optimizer: settings.optimizer });
  const flags = settingNames.flatMap((name) => {
    const same = JSON.stringify(settings[name]) === JSON.stringify(standard[name]);
    return same && !(name === "optimizer" && settings.optimizer !== mergeSettings({}).optimizer) ? [] : [flag(name, settings[name])];
  });
  return [`${invocation()} train`, ...flags].join(" ");
}

function flag(name: SettingName, value: MergedSettings[SettingName]): string {
  if (typeof value === "boolean") return value ? flagOf(name) : `--no-${flagOf(name).slice(2)}`;
  const text = typeof value === "object" && value !== null ? value.join(",") || "none" : String(value);
  return `${flagOf(name)} ${quoted(text)}`;
}

/** A text as an argument of a shell. */
export function quoted(text: string): string {
  return /^[\w./,:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
