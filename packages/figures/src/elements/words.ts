/** Languages of the pages. */
export type Language = "en" | "ko";

/** The words of one element in each language. */
export type Words<Keys extends string> = Readonly<Record<Language, Readonly<Record<Keys, string>>>>;

/** Words that several figures use. */
export const commonWords: Words<"train" | "pause" | "done" | "step" | "restart" | "gate" | "rate" | "loss" | "steps" | "stepCount" | "failed" | "diverged"> = {
  en: { train: "Train", pause: "Pause", done: "Done", step: "One step", restart: "Start again", gate: "Gate", rate: "Learning rate", loss: "loss", steps: "steps", stepCount: "# steps", failed: "Training failed", diverged: "The loss is no longer a number: the network has diverged. Try a smaller learning rate." },
  ko: { train: "학습", pause: "멈춤", done: "완료", step: "한 단계", restart: "처음부터", gate: "게이트", rate: "학습률", loss: "손실", steps: "단계", stepCount: "#단계", failed: "학습에 실패했습니다", diverged: "손실이 더는 수가 아닙니다. 학습이 발산했습니다. 학습률을 줄여 보세요." },
};

/** A text with its marks `#` replaced in order. */
export function filled(text: string, ...values: readonly (string | number)[]): string {
  return values.reduce<string>((result, value) => result.replace("#", String(value)), text);
}

/** A share as the language writes it: `24 %`, in Korean `24%`. */
export function percent(language: Language, share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)}${language === "ko" ? "" : "\u00A0"}%`;
}
