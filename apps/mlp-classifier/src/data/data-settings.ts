import type { ResolvedSettings } from "../settings/merge.js";

/** The settings that determine the examples and how they are split. */
export type DataSettings = Pick<
  ResolvedSettings, "data" | "target" | "ignore" | "categorical" | "numeric" | "header" | "delimiter" | "comment" | "skipLines" | "numbers" | "dates" | "missing" | "imageSize" | "testData" | "testSplit" | "validationSplit" | "seed"
>;
