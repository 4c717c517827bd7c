import type { Connection } from "./connection.js";
import type { RunData } from "./run-data.js";

/** The parts of the page, in the order of their tabs. */
export const tabs = ["curves", "layers", "confusion", "samples", "speed", "settings"] as const;
export type Tab = (typeof tabs)[number];

/** The choices of the reader. */
export interface Choices {
  readonly tab: Tab;
  /** The run that views of a single run show, if it is among the chosen ones. */
  readonly run: string | undefined;
  readonly smoothing: number;
  readonly logarithmic: boolean;
  readonly axis: "step" | "time";
  /** The kind of histograms that are shown. */
  readonly histograms: string;
  readonly onlyDifferences: boolean;
  /** The function and view of the compiler's text. */
  readonly program: string;
  /** The cell of the confusion matrix whose examples are open. */
  readonly cell: { readonly name: string; readonly target: number; readonly predicted: number } | undefined;
}

export const firstChoices: Choices = { tab: "curves", run: undefined, smoothing: 0, logarithmic: false, axis: "step", histograms: "", onlyDifferences: true, program: "", cell: undefined };

/** The input of a view. */
export interface ViewContext {
  readonly connection: Connection;
  /** The runs that are shown, in the order of their colours. */
  readonly runs: readonly RunData[];
  /** The run that views of a single run show. */
  readonly run: RunData;
  readonly choices: Choices;
  readonly choose: (change: Partial<Choices>) => void;
}

/** The index of a run's colour. */
export const colourOf = ({ runs }: ViewContext, run: RunData): number => runs.indexOf(run);
