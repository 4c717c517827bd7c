import type { Histogram } from "../summaries/histogram.js";
import { RecordError } from "../record-error.js";
import { countOf, magnitudeOf, ofKind, percent, type Evidence, type Finding } from "./finding.js";

/** The limits that the rules use. Each is a rule of thumb. */
const limits = {
  /** Fraction of units that are 0 for every example. */
  deadUnits: 0.3,
  /** Ratio of the gradients at the input and at the output, in either direction. */
  gradientRatio: 1000,
  /** Ratio of update to weight. In most runs that learn well it is near 0.001. */
  smallUpdate: 1e-5,
  largeUpdate: 0.05,
  /** Fraction of activations at the limits of tanh or a sigmoid. */
  saturated: 0.5,
  /** Relative rise of a validation loss above its lowest value while the training loss fell. */
  overfitting: 0.1,
};

/** Values that are NaN or infinite. */
function nonFinite({ histograms }: Evidence): Finding[] {
  return [...histograms].filter(([, { nonFinite }]) => nonFinite > 0).map(([name, { nonFinite: count }]) => ({
    severity: "problem",
    subject: name,
    text: `${count.toLocaleString("en")} ${count === 1 ? "value is" : "values are"} NaN or infinite`,
    advice: "a smaller learning rate, gradient clipping, or a check of the input for NaN.",
  }));
}

/** Units that are 0 for every example: they have no gradient and no longer learn. */
function deadUnits(evidence: Evidence): Finding[] {
  return ofKind(evidence, "activations").flatMap(([path, { units }]) => {
    const fraction = units === undefined || units.count === 0 ? 0 : units.inactive / units.count;
    return fraction < limits.deadUnits ? [] : [{
      severity: "problem",
      subject: path,
      text: `${percent(fraction)} of units dead: they are 0 for every example`,
      advice: "a smaller learning rate, He initialisation, or leaky ReLU.",
    }];
  });
}

/** Activations at the limits of tanh or a sigmoid, where there is no gradient. */
function saturation(evidence: Evidence): Finding[] {
  return ofKind(evidence, "activations").flatMap(([place, histogram]) => {
    const share = evidence.saturation === undefined ? saturationOfTanh(histogram) : (evidence.saturation.get(place) ?? 0);
    return share < limits.saturated ? [] : [{
      severity: "problem",
      subject: place,
      text: `${percent(share)} of activations are saturated: close to the limits of their function, where it has no slope`,
      advice: "smaller initial weights, normalized input, or a normalization layer.",
    }];
  });
}

/** The fraction of values close to −1 or 1, if they look like outputs of tanh. */
function saturationOfTanh(histogram: Histogram): number {
  const { edges, counts } = histogram;
  const [least = 0, largest = 0] = [edges[0], edges.at(-1)];
  const isTanh = least < -0.99 && least >= -1 && largest > 0.99 && largest <= 1;
  if (!isTanh || counts.length < 10) return 0;
  const outside = counts.reduce((sum, count, at) => sum + (Math.min(Math.abs(edges[at] ?? 0), Math.abs(edges[at + 1] ?? 0)) >= 0.9 ? count : 0), 0);
  return outside / countOf(histogram);
}

/** Parameters that no gradient reaches, while it reaches others. */
function unreached(evidence: Evidence): Finding[] {
  const gradients = ofKind(evidence, "gradients").filter(([, histogram]) => countOf(histogram) > 0);
  const without = gradients.filter(([, { zeros, counts }]) => zeros === countOf({ counts }));
  if (without.length === gradients.length) return [];
  return without.map(([subject]) => ({ severity: "problem", subject, text: "no gradient reaches it", advice: "a loss that depends on it, or units before it that are not dead." }));
}

/** Gradients that shrink or grow on their way from the output to the input. */
function vanishingGradients(evidence: Evidence): Finding[] {
  const weights = ofKind(evidence, "gradients").filter(([path, histogram]) => !path.endsWith("bias") && countOf(histogram) > 0);
  const [first, last] = [weights[0], weights.at(-1)];
  if (first === undefined || last === undefined || first === last) return [];
  const [near, far] = [magnitudeOf(first[1]), magnitudeOf(last[1])];
  if (near === 0 && far === 0) return [{ severity: "problem", subject: "gradients", text: "all gradients are 0", advice: "a loss that depends on the parameters." }];
  const ratio = near / far;
  if (ratio < 1 / limits.gradientRatio) return [{
    severity: "problem",
    subject: "gradients",
    text: `gradients vanish towards the input: those of ${first[0]} are ${times(1 / ratio)} smaller than those of ${last[0]}`,
    advice: "residual connections, a normalization layer, or ReLU instead of sigmoid or tanh.",
  }];
  if (ratio > limits.gradientRatio) return [{
    severity: "problem",
    subject: "gradients",
    text: `gradients explode towards the input: those of ${first[0]} are ${times(ratio)} larger than those of ${last[0]}`,
    advice: "gradient clipping, smaller initial weights, or a normalization layer.",
  }];
  return [];
}

const times = (ratio: number): string => (Number.isFinite(ratio) ? `${Number(ratio.toPrecision(1)).toLocaleString("en")} times` : "infinitely");

/** Steps that change weights much less or much more than usual. */
function updateRatio({ scalars }: Evidence): Finding[] {
  return [...scalars].filter(([name]) => name.startsWith("update ratio/")).flatMap(([name, { values }]): Finding[] => {
    const subject = name.slice("update ratio/".length);
    const ratio = values.at(-1) ?? NaN;
    if (ratio > limits.largeUpdate) return [{ severity: "hint", subject, text: `one step changes the weights by ${percent(ratio)} of their size`, advice: "a smaller learning rate, or warm-up." }];
    if (ratio < limits.smallUpdate) return [{ severity: "hint", subject, text: `one step changes the weights by ${ratio.toExponential(0)} of their size: they hardly learn`, advice: "a larger learning rate, unless the run is at its end." }];
    return [];
  });
}

/** A validation loss that rises while the training loss falls. */
function overfitting({ scalars }: Evidence): Finding[] {
  const [validation, training] = [scalars.get("validation.loss"), scalars.get("training.loss")];
  if (validation === undefined || training === undefined || validation.values.length < 3) return [];
  const least = Math.min(...validation.values.filter(Number.isFinite));
  const at = validation.values.indexOf(least);
  const last = validation.values.at(-1) ?? NaN;
  const step = validation.steps[at] ?? 0;
  const trainingThen = training.values[training.steps.findLastIndex((each) => each <= step)] ?? NaN;
  const isFalling = (training.values.at(-1) ?? NaN) < trainingThen;
  if (!(last > least * (1 + limits.overfitting)) || least <= 0 || !isFalling) return [];
  return [{
    severity: "hint",
    subject: "loss",
    text: `the model overfits: since step ${step.toLocaleString("en")} the validation loss has risen by ${percent(last / least - 1)}, while the training loss falls`,
    advice: "early stopping, weight decay, dropout, or more data.",
  }];
}

/** A loss that is no longer finite. */
function divergence({ scalars }: Evidence): Finding[] {
  return ["training.loss", "validation.loss"].flatMap((name): Finding[] => {
    const series = scalars.get(name);
    const at = series?.values.findIndex((value) => !Number.isFinite(value)) ?? -1;
    return at < 0 ? [] : [{ severity: "problem", subject: name, text: `it is not finite from step ${(series?.steps[at] ?? 0).toLocaleString("en")} on`, advice: "a smaller learning rate, gradient clipping, or a check of the input for NaN." }];
  });
}

/** The rules, the most serious first. */
const rules: readonly ((evidence: Evidence) => Finding[])[] = [divergence, nonFinite, deadUnits, saturation, vanishingGradients, unreached, updateRatio, overfitting];

/**
 * The findings that follow from evidence, the most serious first. {@link findingsOf} gathers the evidence from the records of a run.
 * @throws RecordError if it is not evidence.
 */
export function findingsIn(evidence: Evidence): Finding[] {
  const { histograms, scalars, saturation = new Map(), ...others } = Object(evidence) as Partial<Evidence>;
  if (!(histograms instanceof Map && scalars instanceof Map && saturation instanceof Map) || Object.keys(others).length > 0) throw new RecordError("findingsIn", "expected an object { histograms, scalars, saturation } of Maps; for records, use findingsOf(records)");
  return rules.flatMap((rule) => rule(evidence));
}
