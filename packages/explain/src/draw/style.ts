/** The colours that a page may set, with their defaults for light and dark pages. */
const colours = {
  ink: ["#1c2024", "#e8eaed"],
  soft: ["#5b6068", "#a4aab4"],
  line: ["#9aa1ab", "#6b727d"],
  panel: ["#f7f8fa", "#1b1e23"],
  accent: ["#0066a6", "#6cbcf0"],
  forward: ["#0066a6", "#6cbcf0"],
  backward: ["#b93b08", "#f5924e"],
} as const;

/** Whether a picture is for light pages, for dark pages, or follows the setting of the reader's system. */
export type Theme = "auto" | "light" | "dark";

const variables = (at: 0 | 1): string => Object.entries(colours).map(([name, values]) => `--graph-${name}: var(--nn-${name}, ${values[at]});`).join(" ");

/** The style of a picture. */
export function styleOf(theme: Theme): string {
  const selector = `.nn-graph-${theme}`;
  const dark = theme === "auto" ? `\n@media (prefers-color-scheme: dark) { ${selector} { ${variables(1)} } }` : "";
  return `${selector} { ${variables(theme === "dark" ? 1 : 0)} }${dark}
.nn-graph text { font-variant-numeric: tabular-nums; fill: var(--graph-ink); text-anchor: middle; dominant-baseline: central; }
.nn-graph .line { fill: none; stroke: var(--graph-line); stroke-width: 1.5; }
.nn-graph .head { fill: var(--graph-line); }
.nn-graph .node > rect { fill: var(--graph-panel); stroke: var(--graph-line); stroke-width: 1.5; }
.nn-graph .input > rect { stroke: var(--graph-accent); }
.nn-graph .input > text { font-weight: 600; }
.nn-graph .current > rect { stroke: var(--graph-backward); stroke-width: 3; }
.nn-graph .current.forward > rect { stroke: var(--graph-forward); }
.nn-graph .value { fill: var(--graph-forward); }
.nn-graph .gradient { fill: var(--graph-backward); }
.nn-graph .key { font-size: 12px; }`;
}
