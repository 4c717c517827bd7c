import type { OptimizerName } from "../tasks/optimizers.js";
import type { Look } from "./legend.js";

/** The line of each optimizer. Relatives share a colour, and one of them is dashed. */
export const optimizerLooks: Readonly<Record<OptimizerName, Look>> = {
  SGD: { colour: "var(--nn-ink)", dashes: "none" },
  momentum: { colour: "var(--nn-one)", dashes: "none" },
  NAG: { colour: "var(--nn-one)", dashes: "6 4" },
  Adagrad: { colour: "var(--nn-fourth)", dashes: "none" },
  Adadelta: { colour: "var(--nn-fourth)", dashes: "6 4" },
  RMSprop: { colour: "var(--nn-third)", dashes: "none" },
  Adam: { colour: "var(--nn-zero)", dashes: "none" },
};
