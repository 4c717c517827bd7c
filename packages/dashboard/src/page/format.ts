/** A number with at most four significant digits. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(2).replaceAll("-", "−").replace("e", " e").replace("+", "");
  return value.toLocaleString("en", { maximumSignificantDigits: 4 }).replace("-", "−");
}

export const formatCount = (value: number): string => value.toLocaleString("en");
export const formatPercent = (fraction: number): string => `${(fraction * 100).toLocaleString("en", { maximumSignificantDigits: fraction < 0.1 ? 1 : 3 })} %`;

/** A duration in its two largest units: `45 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return seconds < 10 && seconds !== whole ? `${seconds.toFixed(1)} s` : `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** `trainingLoss` and `steps_per_second` in words. */
export function inWords(name: string): string {
  return name.replace(/_/g, " ").replace(/([a-z\d])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

/** The width in pixels that the labels of a vertical axis need, in a font of 12 pixels: a digit takes up to 7. */
export function widthOfLabels(labels: readonly string[] | null): number {
  return Math.max(52, 12 + 7 * Math.max(0, ...(labels ?? []).map((label) => label.length)));
}
