/** What a learning rate range test suggests, or why it suggests nothing. */
export interface RateSuggestion {
  readonly suggestion: number | undefined;
  readonly reason: string | undefined;
}

/** With fewer steps, a fall cannot be distinguished from noise. */
const fewestSteps = 20;

/** The first steps are not suggested, because their smoothed loss is still uncertain. */
const skipped = 5;

/** A fall counts if it exceeds this many standard deviations of the noise of the smoothed loss. */
const clearly = 6;

/** A change of the loss by a smaller fraction counts as rounding. */
const rounding = 1e-5;

/**
 * The bias-corrected exponential average of the losses so far, `s_i = (1 − β) Σ β^j l_(i − j) / (1 − β^(i + 1))` (Kingma and Ba 2015), which is not biased towards 0 at
 * the beginning.
 */
export function smoother(smoothing: number): (loss: number) => number {
  let [average, weight] = [0, 0];
  return (loss) => {
    average = smoothing * average + (1 - smoothing) * loss;
    weight = smoothing * weight + (1 - smoothing);
    return average / weight;
  };
}

/**
 * The rate at which smoothed losses fall most steeply over the logarithm of the rate, within their largest fall. That fall must be larger than noise would make it: its
 * standard deviation is estimated from the median difference of consecutive losses, which neither a trend nor a divergence at the end changes.
 */
export function suggestedRate(rates: readonly number[], losses: readonly number[], smoothing: number): RateSuggestion {
  const finite = losses.findIndex((loss) => !Number.isFinite(loss));
  const count = finite < 0 ? losses.length : finite;
  if (count < fewestSteps) return { suggestion: undefined, reason: `the curve has ${count} finite losses, expected at least ${fewestSteps}; take more steps${count < rates.length || finite >= 0 ? ", or a smaller `low`" : ""}` };
  const smoothed = losses.slice(0, count).map(smoother(smoothing));
  const { from, to } = largestFall(smoothed);
  const fall = (smoothed[from] ?? 0) - (smoothed[to] ?? 0);
  const noise = noiseOf(losses.slice(0, count)) * Math.hypot(noiseLeft(from, smoothing), noiseLeft(to, smoothing));
  const size = Math.max(...smoothed.map(Math.abs));
  if (fall <= Math.max(clearly * noise, rounding * size)) return { suggestion: undefined, reason: "the loss does not fall clearly: its largest fall is within its noise; take other limits, or more steps" };
  return { suggestion: rates[steepest(smoothed, from, to)], reason: undefined };
}

/** Between which steps the losses fall most. */
function largestFall(losses: readonly number[]): { readonly from: number; readonly to: number } {
  let [top, from, to, fall] = [skipped, skipped, skipped, 0];
  for (let at = skipped; at < losses.length; at++) {
    const [loss, highest] = [losses[at] ?? 0, losses[top] ?? 0];
    if (loss > highest) top = at;
    else if (highest - loss > fall) [from, to, fall] = [top, at, highest - loss];
  }
  return { from, to };
}

/** The standard deviation of losses around their trend. The median of |N(0, 2σ²)| is 0.954 σ. */
function noiseOf(losses: readonly number[]): number {
  const differences = losses.slice(1).map((loss, at) => Math.abs(loss - (losses[at] ?? 0))).toSorted((a, b) => a - b);
  return (differences[Math.floor(differences.length / 2)] ?? 0) / 0.954;
}

/** The standard deviation of a smoothed loss for noise of 1: the root of the sum of its squared weights. */
function noiseLeft(at: number, smoothing: number): number {
  const [one, count] = [1 - smoothing, at + 1];
  return Math.sqrt(((one / (1 + smoothing)) * (1 - smoothing ** (2 * count))) / (1 - smoothing ** count) ** 2);
}

/** The step around which the line through the losses nearby falls most. */
function steepest(losses: readonly number[], from: number, to: number): number {
  const half = Math.max(2, Math.round(losses.length / 20));
  let [best, least] = [from, 0];
  for (let at = from; at <= to; at++) {
    const slope = slopeOf(losses.slice(Math.max(from, at - half), Math.min(to, at + half) + 1));
    if (slope < least) [best, least] = [at, slope];
  }
  return best;
}

/** The slope of the line of least squares through equally spaced values. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  let [product, square] = [0, 0];
  for (const [at, value] of values.entries()) {
    product += (at - middle) * value;
    square += (at - middle) ** 2;
  }
  return square === 0 ? 0 : product / square;
}
