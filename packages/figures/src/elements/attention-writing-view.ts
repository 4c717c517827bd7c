import { css, html, type TemplateResult } from "lit";
import { knownWords, temperatures, type Written } from "../tasks/character-gpt.js";
import { isLongEnough, longestText, sentencesOf, toyTexts, wordsOf } from "../tasks/toy-texts.js";
import { Trainer } from "../worker/trainer.js";
import { ViewElement } from "./views-element.js";
import { commonWords, filled, percent, type Words } from "./words.js";

const words: Words<"text" | "original" | "temperature" | "writes" | "after" | "known" | "fresh" | "short" | "unknown" | "new" | "perCharacter"> = {
  en: { text: "The text that it learns from. Write your own, and train again.", original: "The first text", temperature: "Temperature", writes: "What it writes", after: "after # steps", known: "words from the text", fresh: "new sentences", short: "That text is too short: write at least two sentences. The network keeps the one before.", unknown: "not a word of the text", new: "a new sentence", perCharacter: "loss per character" },
  ko: { text: "학습할 글입니다. 고쳐 쓰고 다시 학습해 보세요.", original: "처음 글로", temperature: "온도", writes: "신경망이 쓴 글", after: "#단계 뒤", known: "글에 있는 낱말", fresh: "새 문장", short: "글이 너무 짧습니다. 문장을 둘 이상 써 주세요. 신경망은 앞의 글을 그대로 씁니다.", unknown: "글에 없는 낱말", new: "새 문장", perCharacter: "글자당 손실" },
};

const style = css`
  textarea { width: 100%; box-sizing: border-box; height: 280px; font: inherit; font-size: 14px; padding: 8px 10px; color: var(--nn-ink); background: var(--nn-paper); border: 1px solid var(--nn-line); border-radius: 8px; resize: vertical; }
  .plot { flex: 1 1 300px; max-width: 560px; }
  ol { list-style: none; margin: 0; padding: 0; height: 280px; overflow-y: auto; border: 1px solid var(--nn-faint); border-radius: 8px; background: var(--nn-paper); }
  ol:focus-visible { outline-offset: -2px; }
  li { padding: 6px 10px; border-bottom: 1px solid var(--nn-faint); }
  li > span { font-size: 13px; color: var(--nn-soft); }
  li p { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  .unknown { text-decoration: underline wavy var(--nn-zero); text-underline-offset: 3px; }
  .new { color: var(--nn-accent); font-weight: 600; }
  .key { font-size: 13px; display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: center; }
`;

const middle = 1;

/** A small GPT that learns a text, and writes while it learns. */
export class WritingView extends ViewElement {
  static override styles = [ViewElement.styles, style];

  #text: string = toyTexts.en;
  /** Whether the text that was written last is too short to learn from. */
  #isShort = false;
  /** The temperature, as one of those at which it writes. */
  #heat = middle;
  readonly #trainer = new Trainer(this, "characterGpt", () => ({ text: this.#text }), 60);

  override connectedCallback(): void {
    const text = this.fromAddress("text")?.slice(0, longestText) ?? "";
    this.#text = isLongEnough(text) ? text : toyTexts[this.language];
    const heat = temperatures.findIndex((each) => String(each) === this.fromAddress("temperature"));
    this.#heat = heat < 0 ? middle : heat;
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const last = view?.written.at(-1)?.texts[this.#heat] ?? [];
    const known = view === undefined ? NaN : knownWords(last, this.#text);
    const fresh = last.filter((sentence) => this.#isNew(sentence)).length;
    const temperature = String(temperatures[this.#heat]);
    return html`
      <div class="controls">
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#text) })}
        ${this.slider(text.temperature, { min: 0, max: temperatures.length - 1, step: 1, value: this.#heat, text: temperature }, (heat) => this.#warm(heat))}
        ${this.#text === toyTexts[this.language] ? "" : html`<button type="button" @click=${() => this.#restart(toyTexts[this.language])}>${text.original}</button>`}
      </div>
      <div class="plots">
        <figure class="plot"><textarea aria-label=${text.text} maxlength=${longestText} spellcheck="false" .value=${this.#text} @change=${(event: Event) => this.#write(event)}></textarea><figcaption>${text.text}</figcaption></figure>
        <figure class="plot"><ol tabindex="0" aria-label=${text.writes}>${(view?.written ?? []).toReversed().map((written) => this.#written(written))}</ol><figcaption class="key"><span>${text.writes}:</span><span class="new">${text.new}</span><span class="unknown">${text.unknown}</span></figcaption></figure>
      </div>
      <p class="status" role="status">${failure === undefined ? (this.#isShort ? text.short : "") : this.failed(failure)}</p>
      <dl class="numbers">
        <div><dt>${text.known}</dt><dd data-known=${known}>${Number.isNaN(known) ? "–" : percent(this.language, known)}</dd></div>
        <div><dt>${text.fresh}</dt><dd data-new=${fresh}>${last.length === 0 ? "–" : `${fresh} / ${last.length}`}</dd></div>
        <div><dt>${text.perCharacter}</dt><dd data-loss=${view?.loss ?? NaN}>${view?.loss?.toFixed(3) ?? "–"}</dd></div>
        <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
      </dl>`;
  }

  /** Sentences of one time: new ones stand out, and words that the text does not have are underlined. */
  #written({ steps, texts }: Written): TemplateResult {
    const text = words[this.language];
    const known = new Set(wordsOf(this.#text));
    const isKnown = (word: string): boolean => wordsOf(word).every((each) => known.has(each));
    return html`<li><span>${filled(text.after, steps)}</span>${(texts[this.#heat] ?? []).map((sentence) => html`<p class=${this.#isNew(sentence) ? "new" : ""}>${sentence.split(/(\s+)/u).map((word) => (isKnown(word) ? word : html`<span class="unknown">${word}</span>`))}</p>`)}</li>`;
  }

  /** Whether a sentence has several words, all of them of the text, and is not in it. */
  #isNew(sentence: string): boolean {
    return wordsOf(sentence).length > 2 && knownWords([sentence], this.#text) === 1 && !sentencesOf(this.#text).includes(sentence);
  }

  #write(event: Event): void {
    if (!(event.target instanceof HTMLTextAreaElement)) return;
    this.#isShort = !isLongEnough(event.target.value);
    if (this.#isShort) this.requestUpdate();
    else this.#restart(event.target.value);
  }

  #warm(heat: number): void {
    this.#heat = heat;
    this.toAddress({ temperature: temperatures[heat] ?? "" });
    this.requestUpdate();
  }

  #restart(text: string): void {
    [this.#text, this.#isShort] = [text, false];
    this.toAddress({ text: text === toyTexts[this.language] ? "" : text });
    this.#trainer.restart();
    this.requestUpdate();
  }
}
