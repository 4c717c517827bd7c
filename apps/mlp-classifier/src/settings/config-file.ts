import { fallbacks, flagOf, settingNames, settingOf, type SettingName } from "./settings.js";

/** The file that `init` writes if none is named. */
export const configName = "nn-mlp.jsonc";

/** A configuration file, JSON with comments, that has every setting with its default and what it means. */
export function configText(trainCommand: string): string {
  const groups = [...new Set(settingNames.map((name) => settingOf(name).group))];
  const last = settingNames.at(-1);
  const entry = (name: SettingName): string => `\n  // ${explanation(name)}\n  ${JSON.stringify(name)}: ${JSON.stringify(fallbacks[name])}${name === last ? "" : ","}\n`;
  const body = groups.map((group) => `\n  // ${group}\n${settingNames.filter((name) => settingOf(name).group === group).map(entry).join("")}`);
  return `// The settings of a run, with their defaults: change them, or remove those that you do not need. A relative path is relative to the
// folder of this file, and the command line takes precedence. To train with them:
//
//     ${trainCommand}
{${body.join("")}}
`;
}

/** What a setting means, and what its default stands for if the value does not say it. */
function explanation(name: SettingName): string {
  const { about, fallback, fallbackText } = settingOf(name);
  const meaning = typeof fallback === "boolean" ? `${flagOf(name)}: ${about}` : about;
  return fallback === null ? `${meaning} (null: ${fallbackText ?? "none"})` : meaning;
}
