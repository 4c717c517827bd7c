import { html, type TemplateResult } from "lit";
import { activations, learningRates, namesOf, optimizers, penalties, penaltyRates, problems, schedules, type ScheduleName } from "../../tasks/playground/choices.js";
import type { Context } from "./context.js";
import { check, range, select, type Entry } from "./controls.js";
import { filled } from "../words.js";
import type { Text } from "./words.js";

const scheduleWords: Readonly<Record<ScheduleName, keyof Text>> = { constant: "constant", step: "stepDecay", exponential: "exponential", cosine: "cosine", restarts: "restarts", warmup: "warmup", onecycle: "onecycle" };

/** A list of rates, with the one that is chosen. */
const rates = (list: readonly number[], chosen: number): readonly Entry<number>[] => [...new Set([...list, chosen])].toSorted((one, other) => one - other).map((rate) => [rate, String(rate)]);

/** How the network learns. */
export function settingsPanel({ text, shared, set }: Context): TemplateResult {
  return html`
    <div class="settings">
      ${select(text.problem, problems.map((problem) => [problem, text[problem]]), shared.problem, (problem) => set(problem === shared.problem ? {} : { problem, data: problem === "regression" ? "plane" : "circle", own: undefined }))}
      ${select(text.activation, namesOf(activations).map((name) => [name, activations[name].label]), shared.activation, (activation) => set({ activation }))}
      ${select(text.rate, rates(learningRates, shared.learningRate), shared.learningRate, (learningRate) => set({ learningRate }))}
      ${select(text.optimizer, namesOf(optimizers).map((name) => [name, optimizers[name].label]), shared.optimizer, (optimizer) => set({ optimizer }))}
      ${select(text.schedule, namesOf(schedules).map((name) => [name, text[scheduleWords[name]]]), shared.schedule, (schedule) => set({ schedule }))}
      ${select(text.penalty, penalties.map((penalty) => [penalty, penalty === "none" ? text.none : penalty.toUpperCase()]), shared.penalty, (penalty) => set({ penalty, penaltyRate: penalty === "none" ? 0 : shared.penaltyRate || 0.003 }))}
      ${select(text.penaltyRate, rates(penaltyRates, shared.penaltyRate), shared.penaltyRate, (penaltyRate) => set({ penaltyRate, penalty: penaltyRate > 0 && shared.penalty === "none" ? "l2" : shared.penalty }))}
      ${range(text.dropout, { min: 0, max: 80, step: 5, value: Math.round(shared.dropout * 100), text: filled(text.percent, Math.round(shared.dropout * 100)) }, (percent) => set({ dropout: percent / 100 }))}
      ${check(text.norm, shared.batchNorm, (batchNorm) => set({ batchNorm }))}
    </div>`;
}
