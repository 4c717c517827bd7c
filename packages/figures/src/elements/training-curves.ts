import { svg, type SVGTemplateResult } from "lit";
import { lastEpoch, scheduleCurve, type ScheduleName } from "../tasks/network-race.js";
import { chart, chartArea } from "./chart.js";
import type { Look } from "./legend.js";
import { commonWords, type Language, type Words } from "./words.js";

/** Words of the figures in which networks race. */
export const networkWords: Words<"batch" | "schedule" | ScheduleName | "rates" | "epoch" | "share"> = {
  en: { batch: "Examples in a batch", schedule: "Schedule", constant: "constant", steps: "÷ 10 at 1/2 and 3/4", cosine: "cosine", warmup: "warm-up, then cosine", rates: "The learning rate over the training, as a share of the full one", epoch: "epoch", share: "share of the rate" },
  ko: { batch: "배치 크기", schedule: "스케줄", constant: "일정하게", steps: "1/2과 3/4에서 ÷ 10", cosine: "코사인", warmup: "웜업 후 코사인", rates: "학습하는 동안의 학습률 (처음 정한 값에 대한 비율)", epoch: "에폭", share: "학습률의 비율" },
};

/** The loss of each network by epoch, on a logarithmic scale. A curve ends where the loss is no number any more. */
export function lossCurves(networks: readonly (Look & { readonly losses: readonly number[] })[], language: Language): SVGTemplateResult {
  const end = (losses: readonly number[]): number | undefined => losses.findIndex((loss) => !Number.isFinite(loss));
  return chart({
    x: { domain: [0, lastEpoch], label: networkWords[language].epoch },
    y: { domain: [0.03, 2], label: commonWords[language].loss, logarithmic: true, ticks: [0.03, 0.1, 0.3, 1] },
    series: networks.map(({ losses, colour, dashes }) => ({ colour, dashes, points: losses.slice(0, end(losses) === -1 ? undefined : end(losses)).map((loss, epoch) => [epoch, loss] as const) })),
  });
}

/** The learning rate of a schedule by epoch, and where the training is. */
export function rateCurve(schedule: ScheduleName, epochs: number, language: Language): SVGTemplateResult {
  return chart({
    x: { domain: [0, lastEpoch], label: networkWords[language].epoch },
    y: { domain: [0, 1.1], label: networkWords[language].share },
    series: [{ points: scheduleCurve(schedule), colour: "var(--nn-ink)" }],
    more: ({ x }) => svg`<line x1=${x(epochs)} x2=${x(epochs)} y1=${chartArea.top} y2=${chartArea.bottom} stroke="var(--nn-accent)" stroke-width="2"/>`,
  });
}
