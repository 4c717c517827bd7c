import { html, type TemplateResult } from "lit";
import type { TrainingState } from "../../worker/protocol.js";
import type { Context } from "./context.js";
import { select } from "./controls.js";
import { filled } from "../words.js";


/** How many steps a second are taken. */
export const speeds = { slow: 10, medium: 400, full: Infinity } as const;
export type Speed = keyof typeof speeds;

/** What the buttons do. */
interface Actions {
  readonly state: TrainingState;
  readonly speed: Speed;
  readonly stepsPerSecond: number;
  readonly toggle: () => void;
  readonly step: () => void;
  readonly restart: () => void;
  readonly rewind: (at: number) => void;
  readonly choose: (speed: Speed) => void;
  readonly export: () => void;
  readonly share: () => void;
}

/** Buttons that train, pause, take a step and go back, and where training is. */
export function toolbar({ text, view }: Context, actions: Actions): TemplateResult {
  const { state } = actions;
  const history = view?.history ?? { steps: [0], at: 0 };
  const now = view?.steps ?? 0;
  // From steps after the last state that was kept, the way back leads to that state.
  const previous = history.steps[history.at] === now ? history.at - 1 : history.at;
  const [isRunning, isDone] = [state === "running", state === "done"];
  return html`
    <div class="toolbar">
      <div class="buttons">
        <button type="button" class="round" aria-label=${text.restart} title=${text.restart} @click=${actions.restart}>${icons.restart}</button>
        <button type="button" class="round main" aria-label=${isRunning ? text.pause : text.train} title=${isRunning ? text.pause : text.train} data-state=${state} aria-disabled=${isDone} @click=${isDone ? undefined : actions.toggle}>${isRunning ? icons.pause : icons.train}</button>
        <button type="button" class="round" aria-label=${text.back} title=${text.back} ?disabled=${previous < 0} @click=${() => actions.rewind(previous)}>${icons.back}</button>
        <button type="button" class="round" aria-label=${text.step} title=${text.step} aria-disabled=${isDone} @click=${isDone ? undefined : actions.step}>${icons.step}</button>
      </div>
      <dl class="clock">
        <div><dt>${text.epoch}</dt><dd data-epochs=${view?.epochs ?? 0}>${grouped(view?.epochs ?? 0)}</dd></div>
        <div><dt>${text.steps}</dt><dd data-steps=${now}>${grouped(now)}</dd></div>
        <div><dt>${text.perSecond}</dt><dd data-speed=${Math.round(actions.stepsPerSecond)}>${grouped(actions.stepsPerSecond)}</dd></div>
      </dl>
      ${historySlider(text, history, now, actions.rewind)}
      ${select(text.speed, [["slow", text.slow], ["medium", text.medium], ["full", text.full]] as const, actions.speed, actions.choose)}
      <div class="buttons"><button type="button" @click=${actions.export}>${text.export}</button><button type="button" @click=${actions.share}>${text.share}</button></div>
    </div>`;
}

function historySlider(text: Context["text"], { steps, at }: { readonly steps: readonly number[]; readonly at: number }, now: number, rewind: (at: number) => void): TemplateResult {
  const last = Math.max(0, steps.length - 1);
  const moved = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) rewind(Number(event.target.value));
  };
  const place = filled(text.historyAt, grouped(steps[at] ?? 0), grouped(Math.max(now, steps[last] ?? 0)));
  return html`<label class="field history"><span>${text.history} <b>${place}</b></span><input type="range" aria-label=${text.history} min="0" max=${Math.max(1, last)} step="1" ?disabled=${last === 0} .value=${String(at)} aria-valuetext=${place} @input=${moved}></label>`;
}

const grouped = (value: number): string => Math.floor(value).toLocaleString("en");

const icon = (path: string): TemplateResult => html`<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d=${path} fill="currentColor"/></svg>`;

const icons = {
  train: icon("M8 5v14l11-7z"),
  pause: icon("M6 5h4v14H6zM14 5h4v14h-4z"),
  step: icon("M6 5v14l9-7zM16 5h3v14h-3z"),
  back: icon("M18 5v14l-9-7zM5 5h3v14H5z"),
  restart: icon("M12 5V1L6.5 6.5 12 12V8a5 5 0 1 1-5 5H4.500a7.5 7.5 0 1 0 7.5-8z"),
};
