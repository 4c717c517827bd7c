/** The names of the built-in data sets. */
export const builtInNames = ["digits", "mnist", "fashionMnist", "xor", "blobs", "moons", "circles", "spirals"] as const;

/** The name of a built-in data set. */
export type BuiltInName = (typeof builtInNames)[number];

/** Whether a data set of this name is built in. */
export function isBuiltIn(name: string): name is BuiltInName {
  return builtInNames.some((each) => each === name);
}
