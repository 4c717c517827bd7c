import { Option, type Command } from "commander";
import { parseFlag, type PartialSettings } from "../settings/merge.js";
import { flagOf, settingNames, settingOf, type SettingName } from "../settings/settings.js";

/** Adds a flag for every setting, under the headings of their groups. */
export function addSettings(command: Command): void {
  for (const name of settingNames) {
    for (const option of optionsFor(name)) command.addOption(option.helpGroup(`${settingOf(name).group}:`));
  }
}

/** The settings among the given options. */
export function settingsGiven(options: Readonly<Record<string, unknown>>): PartialSettings {
  return Object.fromEntries(settingNames.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));
}

function optionsFor(name: SettingName): readonly Option[] {
  const { kind, about, fallback, fallbackText, placeholder } = settingOf(name);
  const flag = flagOf(name);
  const standard = fallbackText ?? (Array.isArray(fallback) ? fallback.join(",") : String(fallback));
  const { placeholder: standardPlaceholder } = kind;
  if (standardPlaceholder === undefined) {
    // Both forms exist, so that the command line can override a configuration file. The help shows the one that changes the default.
    const on = new Option(flag, about);
    const off = new Option(`--no-${flag.slice(2)}`, fallback === true ? `do not ${about}` : "off (default)");
    return fallback === true ? [on.hideHelp(), off] : [on, off.hideHelp()];
  }
  return [new Option(`${flag} ${placeholder ?? standardPlaceholder}`, `${about} (default: ${standard})`).argParser((text) => parseFlag(name, text))];
}
