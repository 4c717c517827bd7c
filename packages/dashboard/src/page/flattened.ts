import type { SettingValue } from "@nn/records";

/** `{ optimizer: { name: "Adam" } }` as `optimizer.name` → `Adam`. Lists stay together. */
export function flattened(settings: Readonly<Record<string, SettingValue>>, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(settings)) {
    if (isGroup(value)) for (const [inner, text] of flattened(value, `${prefix}${name}.`)) flat.set(inner, text);
    else flat.set(`${prefix}${name}`, typeof value === "string" ? value : JSON.stringify(value));
  }
  return flat;
}

function isGroup(value: SettingValue): value is { readonly [name: string]: SettingValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
