import { html, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { addressOf, isShareable, sharedFrom, type Shared } from "../../tasks/playground/address.js";
import type { Problem } from "../../tasks/playground/choices.js";
import { consistent, inputKind, isOwn, keepsWeights, type OwnData } from "../../tasks/playground/settings.js";
import type { PlaygroundView } from "../../tasks/playground/playground.js";
import { startPlaygroundWorker } from "../../worker/start.js";
import { Trainer } from "../../worker/trainer.js";
import { FigureElement } from "../figure-element.js";
import { figureStyle } from "../style.js";
import { inside } from "./charts.js";
import type { Context, EdgePlace, UnitPlace } from "./context.js";
import { copyDialog, type Export, type Shown } from "./copy-dialog.js";
import { dataPanel } from "./data-panel.js";
import { networkView } from "./network-view.js";
import { outputPanel } from "./output-panel.js";
import { firstPictures, isEmpty, paper, withoutPicture, withPicture } from "./own-pictures.js";
import { isEnough, ownFrom } from "./own-points.js";
import { Pace } from "./pace.js";
import { Pad } from "./pad.js";
import { Painter } from "./painter.js";
import { paintPlane } from "./painting.js";
import { Palettes } from "./palette.js";
import { Pen } from "./pen.js";
import { paintPictures } from "./picture-painting.js";
import type { PictureState } from "./picture-panel.js";
import { settingsPanel } from "./settings-panel.js";
import { Slowly } from "./slowly.js";
import { playgroundStyle } from "./style.js";
import { TableDialog } from "./table-dialog.js";
import { speeds, toolbar, type Speed } from "./toolbar.js";
import { weightEditor } from "./weight-editor.js";
import { commonWords, filled } from "../words.js";
import { words } from "./words.js";

const nothing: OwnData = { inputs: [], targets: [] };

/** A network that a reader builds and trains, on data of their choice. */
export class PlaygroundElement extends FigureElement {
  static override styles = [figureStyle, playgroundStyle];

  #shared: Shared = sharedFrom(new URLSearchParams()).shared;
  #message = "";
  #speed: Speed = "medium";
  /** Points or pictures that are drawn, and too few or not learned yet. */
  #sketch: OwnData | undefined;
  #pointed: UnitPlace | undefined;
  #line: EdgePlace | undefined;
  #edited: UnitPlace | undefined;
  /** The weight of the edited unit that gets the focus. */
  #focused: number | undefined;
  #dialog: Shown | "table" | undefined;
  #width = 600;
  readonly #painter = new Painter();
  readonly #palettes = new Palettes();
  readonly #pace = new Pace();
  /** What numbers and curves show; maps and weights show each view. */
  readonly #readable = new Slowly<PlaygroundView | undefined>(() => this.requestUpdate());
  readonly #trainer = new Trainer(this, "playground", () => this.#shared, speeds.medium, startPlaygroundWorker);
  readonly #pen = new Pen({
    points: () => this.#points, problem: () => this.#shared.problem,
    show: (points) => this.#draw(points), learn: (points) => this.#learn(points), refresh: () => this.requestUpdate(),
  });
  readonly #pad = new Pad({ changed: () => this.#ask(), add: (target) => this.#addPicture(target), refresh: () => this.requestUpdate() });
  readonly #table = new TableDialog({ use: (own, problem) => this.#useTable(own, problem), close: () => this.#open(undefined), refresh: () => this.requestUpdate() });
  readonly #sizes = new ResizeObserver(() => this.#measure());

  override connectedCallback(): void {
    const { shared, refused } = sharedFrom(new URLSearchParams(location.search));
    this.#shared = shared;
    this.#message = refused.length === 0 ? "" : filled(words[this.language].refused, refused.join(", "));
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  /** Draws at once, then at most once for each frame of the screen, however often the worker reports. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    super.scheduleUpdate();
  }

  protected override render(): TemplateResult {
    const context = this.#context;
    const { text, shared, view } = context;
    const { state, failure } = this.#trainer;
    const readable: Context = { ...context, view: this.#readable.at(view, state === "running") };
    const pace = this.#pace.at(state === "running", view?.steps ?? 0);
    const problem = failure !== undefined ? `${text.failed}: ${failure}` : view?.diverged === true ? commonWords[this.language].diverged : "";
    return html`
      <div class="playground" data-state=${state}>
        ${guard([readable.view, text, state, this.#speed, pace], () => toolbar(readable, {
          state, speed: this.#speed, stepsPerSecond: pace, toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(),
          restart: () => this.#restart(), rewind: (at) => this.#rewind(at), choose: (speed) => this.#hurry(speed),
          export: () => this.#export("program"), share: () => this.#share(),
        }))}
        ${guard([text, shared], () => settingsPanel(context))}
        <p class="messages" role="status">${this.#message} <span class="problem">${problem}</span></p>
        <div class="body">
          ${guard([text, shared], () => dataPanel(context, { draw: () => this.#startDrawing(), drawPictures: () => this.#startPictures(), openTable: () => this.#open("table") }))}
          <div class="middle">
            ${networkView(context, { width: this.#width, chosen: this.#edited, line: this.#line, point: (unit) => this.#point(unit), pointLine: (line) => this.#pointLine(line), edit: (unit, from) => this.#edit(unit, from) })}
            ${weightEditor(readable, this.#edited, () => this.#edit(undefined))}
            ${guard([readable.view, text, shared], () => inside(readable))}
          </div>
          ${outputPanel(readable, {
            pictures: this.#pictures, unit: this.#pointed, pen: this.#isDrawing ? this.#pen : undefined, drawn: { count: this.#points.inputs.length, tooFew: !isEnough(this.#points, shared.problem) },
            choose: (brush) => this.#pick(brush), clear: () => this.#draw(nothing),
          })}
        </div>
        <dialog aria-label=${this.#dialog === "table" ? text.table : this.#dialog?.kind === "share" ? text.share : text.export} @close=${() => this.#open(undefined)}>${this.#dialogContent()}</dialog>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const dialog = this.renderRoot.querySelector("dialog");
    if (this.#dialog !== undefined && dialog?.open === false) dialog.showModal();
    if (this.#dialog === undefined && dialog?.open === true) dialog.close();
    const { view } = this.#trainer;
    if (view !== undefined) this.#paint(view);
    if (this.#focused === undefined) return;
    const input = this.renderRoot.querySelector(`[data-weight="${this.#focused}"]`);
    if (input instanceof HTMLInputElement) input.focus();
    this.#focused = undefined;
  }

  get #context(): Context {
    return { text: words[this.language], shared: this.#shared, view: this.#trainer.view, set: (change) => this.#set(change), change: (change) => this.#trainer.change(change) };
  }

  get #isDrawing(): boolean {
    return this.#shared.data === "points";
  }

  /** The points or pictures that are drawn. */
  get #points(): OwnData {
    return this.#sketch ?? this.#shared.own ?? nothing;
  }

  /** The pictures that are learned: the reader's, or some of the generated ones. */
  get #pictureExamples(): OwnData {
    if (isOwn(this.#shared.data)) return this.#points;
    const pictures = this.#trainer.view?.pictures ?? [];
    return { inputs: pictures.map(({ pixels }) => pixels), targets: pictures.map(({ target }) => target) };
  }

  get #pictures(): PictureState {
    return {
      pad: this.#pad, examples: this.#pictureExamples, isOwn: isOwn(this.#shared.data), tooFew: !isEnough(this.#points, "classification"),
      refresh: () => this.requestUpdate(), add: (target) => this.#addPicture(target), take: (at) => this.#takePicture(at),
    };
  }

  #paint(view: PlaygroundView): void {
    const [root, palettes, painter] = [this.renderRoot, this.#palettes, this.#painter];
    if (inputKind(this.#shared) === "pictures") paintPictures(root, view, this.#shared, { painter, palettes, pixels: this.#pad.pixels, examples: this.#pictureExamples });
    else paintPlane(root, view, this.#shared, { painter, palettes, unit: this.#pointed, sketch: this.#sketch });
  }

  #dialogContent(): TemplateResult | string {
    const text = words[this.language];
    if (this.#dialog === undefined) return "";
    if (this.#dialog === "table") return this.#table.render(text);
    const shown = this.#dialog;
    return copyDialog(text, shown, { close: () => this.#open(undefined), choose: (kind) => this.#export(kind), say: (note) => this.#open({ ...shown, note }) });
  }

  /** Takes other settings. Training goes on if the network stays the same. */
  #set(change: Partial<Shared>): void {
    const before = this.#shared;
    this.#shared = { ...before, ...change, ...consistent({ ...before, ...change }) };
    if (change.data !== undefined) this.#sketch = undefined;
    this.#message = "";
    this.#toAddress();
    if (this.#edited !== undefined && this.#edited.unit >= ([...this.#shared.layers, 1][this.#edited.layer] ?? 0)) this.#edited = undefined;
    if (keepsWeights(before, this.#shared)) this.#trainer.change({ type: "settings", settings: this.#shared });
    else this.#restart(this.#trainer.state === "running");
    this.requestUpdate();
  }

  #toAddress(): void {
    const query = String(addressOf(this.#shared));
    history.replaceState(history.state, "", `${location.pathname}${query === "" ? "" : `?${query}`}${location.hash}`);
  }

  #restart(goesOn = false): void {
    this.#trainer.restart();
    if (inputKind(this.#shared) === "pictures") this.#trainer.change({ type: "picture", pixels: this.#pad.pixels });
    if (goesOn) this.#trainer.run();
  }

  #rewind(at: number): void {
    this.#trainer.pause();
    this.#trainer.change({ type: "rewind", at });
  }

  #hurry(speed: Speed): void {
    this.#speed = speed;
    this.#trainer.setPace(speeds[speed]);
    this.requestUpdate();
  }

  #point(unit: UnitPlace | undefined): void {
    this.#pointed = unit;
    this.requestUpdate();
  }

  #pointLine(line: EdgePlace | undefined): void {
    this.#line = line;
    this.requestUpdate();
  }

  #edit(unit: UnitPlace | undefined, from?: number): void {
    this.#edited = unit;
    this.#focused = from;
    this.requestUpdate();
  }

  #pick(brush: Pen["brush"]): void {
    this.#pen.brush = brush;
    this.requestUpdate();
  }

  /** Begins to draw, with the points that are shown. */
  #startDrawing(): void {
    const { view } = this.#trainer;
    if (this.#isDrawing || view === undefined) return;
    this.#pen.brush = this.#shared.problem === "regression" ? 1 : 0;
    const isPlane = inputKind(this.#shared) === "plane";
    this.#set({ data: "points", own: isPlane ? ownFrom(view.drawn) : undefined });
    if (!isPlane) this.#draw(nothing);
    // On narrow pages the plane is above.
    this.renderRoot.querySelector(".output .frame")?.scrollIntoView({ block: "nearest" });
  }

  /** Begins with rings and crosses. */
  #startPictures(): void {
    if (this.#shared.data === "pictures") return;
    this.#set({ data: "pictures", own: firstPictures() });
    this.renderRoot.querySelector(".output")?.scrollIntoView({ block: "nearest" });
  }

  /** Lets the network answer the picture on the pad. */
  #ask(): void {
    this.#trainer.change({ type: "picture", pixels: this.#pad.pixels });
    this.requestUpdate();
  }

  #addPicture(target: number): void {
    if (this.#shared.data !== "pictures" || isEmpty(this.#pad.pixels)) return;
    this.#learn(withPicture(this.#points, this.#pad.pixels, target));
    this.#pad.show(paper);
  }

  /** Puts an example onto the pad. One of the reader's is an example no longer. */
  #takePicture(at: number): void {
    const pixels = this.#pictureExamples.inputs[at];
    if (pixels === undefined) return;
    if (this.#shared.data === "pictures") this.#learn(withoutPicture(this.#points, at));
    this.#pad.show(pixels);
  }

  #draw(points: OwnData): void {
    this.#sketch = points;
    this.requestUpdate();
  }

  /** Learns the points that are drawn, if there are enough. */
  #learn(points: OwnData): void {
    if (!isEnough(points, this.#shared.problem)) {
      this.#draw(points);
      return;
    }
    this.#sketch = undefined;
    this.#set({ own: points });
  }

  #useTable(own: OwnData, problem: Problem): void {
    this.#open(undefined);
    this.#set({ data: "table", own, problem });
  }

  #open(dialog: Shown | "table" | undefined): void {
    this.#dialog = dialog;
    this.requestUpdate();
  }

  #share(): void {
    this.#toAddress();
    this.#open({ kind: "share", content: location.href, note: isShareable(this.#shared) ? "" : words[this.language].tooLarge });
  }

  async #export(kind: Export): Promise<void> {
    this.#open({ kind, content: kind === "program" ? await this.#program() : await this.#trainer.save(kind === "onnx" ? "onnx" : "javascript"), note: "" });
  }

  /** The module that writes programs is loaded when it is asked for. */
  async #program(): Promise<string> {
    const { programOf } = await import("../../tasks/playground/program.js");
    return programOf(this.#shared, Math.max(100, Math.ceil(this.#trainer.view?.epochs ?? 0)));
  }

  #measure(): void {
    const width = this.renderRoot.querySelector(".scroll")?.clientWidth ?? this.#width;
    if (width === this.#width || width === 0) return;
    this.#width = width;
    this.requestUpdate();
  }
}
