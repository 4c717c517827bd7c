import type { RunCommand } from "@nn/records";
import { html, type TemplateResult } from "lit";
import { formatCount, formatDuration, formatNumber, formatPercent, inWords } from "../format.js";
import type { RunData } from "../run-data.js";
import type { ViewContext } from "../state.js";

/** The label of a command's button, and the text after the command was sent. */
const commands: { readonly [Command in RunCommand]: { readonly label: string; readonly asked: string } } = {
  pause: { label: "Pause", asked: "Asked to pause after the present step." },
  resume: { label: "Resume", asked: "Asked to go on." },
  save: { label: "Save", asked: "Asked to save a checkpoint." },
  stop: { label: "Stop", asked: "Asked to stop after the present step." },
};

/** The answer to the last command, and the state of the run then. The answer disappears when the state changes. */
export interface Answer {
  readonly text: string;
  readonly state: string;
}

/** The name, state and figures of a run, and the buttons for the commands that it accepts. */
export function runHeader(context: ViewContext, answer: Answer, say: (answer: Answer) => void): TemplateResult {
  const { run, connection } = context;
  const told = run.status?.state ?? "running";
  const isTold = told !== "running" && told !== "paused";
  const isKilled = !isTold && connection.runs.find(({ id }) => id === run.id)?.state === "killed";
  const [state, isOn] = [isKilled ? "killed" : told, !isTold && !isKilled];
  const total = run.status?.totalSteps ?? 0;
  const obeyed = (run.status?.commands ?? []).filter((each) => isOn && (each !== "pause" || state === "running") && (each !== "resume" || state === "paused"));
  return html`
    <section class="run" aria-label="Run ${run.id}">
      <div class="title">${titleOf(context)}<span class="state ${state}">${state}</span>
        <div class="commands">${obeyed.map((each) => commandButton(context, each, (text) => say({ text, state })))}</div>
      </div>
      ${run.status?.message === undefined ? "" : html`<p class="message">${run.status.message}</p>`}
      ${isKilled ? html`<p class="message problem">Its process has ended without a last record, as when it is killed.</p>` : ""}
      ${run.problem === undefined ? "" : html`<p class="message problem" role="alert">${run.problem}</p>`}
      ${obeyed.length > 0 && !connection.mayCommand ? html`<p class="message">Open the address that the terminal shows to use these buttons: it holds a token.</p>` : ""}
      <p class="message" role="status" aria-live="polite">${answer.state === state ? answer.text : ""}</p>
      ${total > 0 ? html`<progress max=${total} value=${Math.min(run.step, total)} aria-label="Steps done"></progress>` : ""}
      <dl class="figures">${figures(run, total, isOn).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    </section>`;
}

/** The name of the run. If several runs are shown, a selection of the one that views of a single run show. */
function titleOf({ runs, run, choose }: ViewContext): TemplateResult {
  if (runs.length === 1) return html`<h2>${run.id}</h2>`;
  return html`<h2><label>Run <select @change=${(event: Event) => { if (event.target instanceof HTMLSelectElement) choose({ run: event.target.value }); }}>
    ${runs.map(({ id }) => html`<option value=${id} ?selected=${id === run.id}>${id}</option>`)}
  </select></label></h2>`;
}

function commandButton({ connection, run }: ViewContext, command: RunCommand, say: (text: string) => void): TemplateResult {
  const send = async (): Promise<void> => {
    const { ok, text } = await connection.command(run.id, command);
    say(ok ? commands[command].asked : `Not sent: ${text}.`);
  };
  return html`<button type="button" class=${command} ?disabled=${!connection.mayCommand} @click=${send}>${commands[command].label}</button>`;
}

function figures(run: RunData, total: number, isOn: boolean): (readonly [name: string, value: string])[] {
  const last = (name: string): number | undefined => run.scalars.get(name)?.values.at(-1);
  const { seconds } = run.clock;
  /** The mean over the whole run, including evaluations and everything else. */
  const mean = seconds > 0 ? run.step / seconds : undefined;
  // Of a run that has ended, its last epoch may have been a short one.
  const rate = isOn ? (last("stepsPerSecond") ?? mean) : mean;
  const shown: (readonly [string, string])[] = [[total > 0 ? `step of ${formatCount(total)}` : "step", formatCount(run.step)]];
  const epoch = last("epoch");
  if (epoch !== undefined) shown.push(["epoch", formatCount(epoch)]);
  for (const name of ["training.loss", "validation.loss", "validation.accuracy"]) {
    const value = last(name);
    if (value !== undefined) shown.push([inWords(name.replace(".", " ")), name.endsWith("accuracy") ? formatPercent(value) : formatNumber(value)]);
  }
  const learningRate = last("learningRate");
  if (learningRate !== undefined) shown.push(["learning rate", formatNumber(learningRate)]);
  if (rate !== undefined) shown.push(["steps per second", formatNumber(rate)]);
  if (seconds > 0) shown.push(["time", formatDuration(seconds)]);
  if (isOn && mean !== undefined && mean > 0 && total > run.step) shown.push(["remaining", formatDuration((total - run.step) / mean)]);
  return shown;
}
