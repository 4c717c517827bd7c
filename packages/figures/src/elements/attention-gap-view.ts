import { css, html, type TemplateResult } from "lit";
import { NetworkCopy } from "../tasks/network-copy.js";
import { toyTexts } from "../tasks/toy-texts.js";
import { guessWord, vocabularyOf, WordGuesser, type Vocabulary, type WordGuesserSettings } from "../tasks/word-guesser.js";
import { Trainer } from "../worker/trainer.js";
import { inputOf } from "./figure-element.js";
import { ViewElement } from "./views-element.js";
import { commonWords, filled, percent, type Language, type Words } from "./words.js";

const words: Words<"causal" | "other" | "hide" | "gap" | "guesses" | "sentence" | "says"> = {
  en: { causal: "looks only to the left, as a GPT does", other: "Another sentence", hide: "Hide #", gap: "Choose the word that is hidden.", guesses: "What the network puts into the gap", sentence: "Sentence", says: "Most probable:" },
  ko: { causal: "GPT처럼 왼쪽만 보기", other: "다른 문장", hide: "# 가리기", gap: "가릴 낱말을 고르세요.", guesses: "신경망이 빈칸에 넣는 낱말", sentence: "문장", says: "가장 그럴듯한 낱말:" },
};

const style = css`
  .sentence { display: flex; flex-wrap: wrap; gap: 6px; justify-content: center; margin: 8px 0; font-size: 17px; }
  .sentence button { font-size: 17px; padding: 6px 10px; border-color: var(--nn-faint); }
  .sentence button[aria-pressed="true"] { min-width: 72px; }
  .note { text-align: center; font-size: 13px; color: var(--nn-soft); margin: 0 0 12px; }
  .guesses { display: grid; grid-template-columns: minmax(72px, max-content) 1fr 52px; gap: 6px 10px; align-items: center; max-width: 460px; margin: 0 auto; font-variant-numeric: tabular-nums; }
  .bar { height: 22px; border-radius: 4px; background: linear-gradient(to right, var(--nn-one) var(--share), var(--nn-faint) 0); }
  .guesses .right { text-align: right; }
`;

/** The gap that is shown first: only what stands behind it tells what belongs there. */
const firstGap: Readonly<Record<Language, readonly [sentence: number, gap: number]>> = { en: [13, 1], ko: [13, 0] };

/** A small BERT that guesses a hidden word from those around it. */
export class GapView extends ViewElement {
  static override styles = [ViewElement.styles, style];

  #vocabulary: Vocabulary = vocabularyOf(toyTexts.en);
  #causal = false;
  #sentence = 0;
  #gap = 0;
  readonly #network = new NetworkCopy((settings: WordGuesserSettings) => new WordGuesser(settings));
  readonly #trainer = new Trainer(this, "maskedWords", () => ({ text: toyTexts[this.language], causal: this.#causal }), 60);

  override connectedCallback(): void {
    this.#vocabulary = vocabularyOf(toyTexts[this.language]);
    this.#causal = this.fromAddress("left") === "1";
    const [sentence, gap] = firstGap[this.language];
    const last = this.#vocabulary.sentences.length - 1;
    this.#sentence = Math.round(this.numberFromAddress("sentence", 0, last) ?? Math.min(sentence, last));
    this.#gap = Math.round(this.numberFromAddress("gap", 0, this.#words().length - 1) ?? gap);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const guesses = view === undefined ? [] : guessWord(this.#network.of(view), this.#words(), this.#gap);
    return html`
      <div class="controls">
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#causal) })}
        <label><input type="checkbox" .checked=${this.#causal} @change=${(event: Event) => this.#restart(inputOf(event).checked)}> ${text.causal}</label>
        <button type="button" @click=${() => this.#show((this.#sentence + 1) % this.#vocabulary.sentences.length, this.#gap)}>${text.other}</button>
      </div>
      <div class="sentence" role="group" aria-label=${text.sentence}>${this.#words().map((word, at) => html`<button type="button" aria-label=${filled(text.hide, word)} aria-pressed=${at === this.#gap} @click=${() => this.#show(this.#sentence, at)}>${at === this.#gap ? "?" : word}</button>`)}</div>
      <p class="note">${text.gap} ${text.guesses}:</p>
      <div class="guesses">${guesses.map(({ word, probability }) => html`<span class="right">${word}</span><span class="bar" style="--share: ${100 * probability}%"></span><span class="right" data-word=${word} data-probability=${probability}>${percent(this.language, probability)}</span>`)}</div>
      <p class="status" role="status">${failure === undefined ? html`${text.says} <strong>${guesses[0]?.word ?? ""}</strong>` : this.failed(failure)}</p>
      <dl class="numbers">
        <div><dt>${common.loss}</dt><dd data-loss=${view?.loss ?? NaN}>${view?.loss?.toFixed(3) ?? "–"}</dd></div>
        <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
      </dl>`;
  }

  #words(): readonly string[] {
    return this.#vocabulary.sentences[this.#sentence] ?? [];
  }

  #show(sentence: number, gap: number): void {
    this.#sentence = sentence;
    this.#gap = Math.min(gap, this.#words().length - 1);
    this.toAddress({ sentence: this.#sentence, gap: this.#gap });
    this.requestUpdate();
  }

  #restart(causal: boolean): void {
    this.#causal = causal;
    this.toAddress({ left: Number(causal) });
    this.#trainer.restart();
    this.requestUpdate();
  }
}
