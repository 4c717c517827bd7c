import { Dropout, Module, Parameter, takeOptions, type LayerNorm, type Linear, type LoadOptions, type LoadReport, type StateDict } from "@nn/layers";
import { gelu, zeros, type Tensor } from "@nn/tensor";
import { bertLinear, bertNorm, bertOptions, bertSettings, type BertOptions, type BertSettings } from "./bert-settings.js";
import { BertFeatures, PooledBert, publishedNames, type BertCallOptions } from "./bert.js";
import { fromPublished, type PublishedNames } from "./published-names.js";
import { renamedFields } from "./renamed-fields.js";
import { TiedLinear } from "./tied-linear.js";

/** How files of pre-trained models differ: they have pooled features and a head for the order of two sentences too, and leave the shared parameters out. */
const maskedNames: PublishedNames = {
  ...publishedNames,
  ignored: /(^|\.)embeddings\.position_ids$|^cls\.seq_relationship\.|^bert\.pooler\./,
  tied: { "cls.predictions.decoder.weight": "bert.embeddings.word_embeddings.weight", "cls.predictions.decoder.bias": "cls.predictions.bias" },
};

class BertTransform extends Module {
  readonly dense: Linear;
  readonly layerNorm: LayerNorm;

  constructor(settings: BertSettings) {
    super();
    this.dense = bertLinear(settings.hiddenSize, settings.hiddenSize, settings);
    this.layerNorm = bertNorm(settings);
  }

  forward(x: Tensor): Tensor {
    return this.layerNorm.forward(gelu(this.dense.forward(x)));
  }

  protected override fields(): Iterable<readonly [name: string, value: unknown]> {
    return renamedFields(super.fields(), { layer_norm: "LayerNorm" });
  }
}

class BertPredictions extends Module {
  readonly bias: Parameter;
  readonly transform: BertTransform;
  readonly decoder: TiedLinear;

  constructor(settings: BertSettings, embeddings: Parameter) {
    super();
    this.bias = new Parameter(zeros([settings.vocabSize], { dtype: settings.dtype }));
    this.transform = new BertTransform(settings);
    this.decoder = new TiedLinear(embeddings, this.bias);
  }

  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.transform.forward(x));
  }
}

/**
 * BERT that predicts masked tokens (Devlin et al. 2019): the logits compare transformed features of each token with the embeddings of all tokens.
 *
 * Shapes: ids `[N, steps]`, int32, logits `[N, steps, vocabSize]`. `loadStateDict` takes published files of pre-trained models as they are.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { BertForMaskedLM } from "@nn/models";
 * const model = new BertForMaskedLM({ vocabSize: 100, hiddenSize: 16, numHiddenLayers: 2, numAttentionHeads: 2, intermediateSize: 32 }).eval();
 * model.forward(tensor([[2, 7, 4, 3]], { dtype: "int32" })).shape; // => [1, 4, 100]
 * ```
 */
export class BertForMaskedLM extends Module {
  readonly bert: BertFeatures;
  readonly cls: { readonly predictions: BertPredictions };

  constructor(options: BertOptions = {}) {
    super();
    takeOptions("BertForMaskedLM", this, options, bertOptions);
    const settings = bertSettings("BertForMaskedLM", options);
    this.bert = new BertFeatures(settings);
    this.cls = { predictions: new BertPredictions(settings, this.bert.embeddings.wordEmbeddings.weight) };
  }

  forward(ids: Tensor, options: BertCallOptions = {}): Tensor {
    return this.cls.predictions.forward(this.bert.forward(ids, options));
  }

  override loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return super.loadStateDict(fromPublished(stateDict, maskedNames), options);
  }
}

/**
 * BERT that classifies texts (Devlin et al. 2019): logits from the pooled features. To fine-tune, load a pre-trained file with `strict: false`: it has no
 * `classifier`, and a head that is not used here.
 *
 * Shapes: ids `[N, steps]`, int32, logits `[N, numLabels]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { BertForSequenceClassification } from "@nn/models";
 * const model = new BertForSequenceClassification({ vocabSize: 100, hiddenSize: 16, numHiddenLayers: 2, numAttentionHeads: 2, intermediateSize: 32, numLabels: 3 });
 * model.forward(tensor([[2, 7, 9, 3]], { dtype: "int32" })).shape; // => [1, 3]
 * ```
 */
export class BertForSequenceClassification extends Module {
  readonly bert: PooledBert;
  readonly dropout: Dropout;
  readonly classifier: Linear;

  constructor(options: BertOptions = {}) {
    super();
    takeOptions("BertForSequenceClassification", this, options, bertOptions);
    const settings = bertSettings("BertForSequenceClassification", options);
    this.bert = new PooledBert(settings);
    this.dropout = new Dropout(settings.hiddenDropoutProb, { generator: settings.generator });
    this.classifier = bertLinear(settings.hiddenSize, settings.numLabels, settings);
  }

  forward(ids: Tensor, options: BertCallOptions = {}): Tensor {
    return this.classifier.forward(this.dropout.forward(this.bert.forward(ids, options).pooled));
  }

  override loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return super.loadStateDict(fromPublished(stateDict, publishedNames), options);
  }
}

/**
 * BERT that labels each token, such as the names in a text (Devlin et al. 2019).
 *
 * Shapes: ids `[N, steps]`, int32, logits `[N, steps, numLabels]`.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { BertForTokenClassification } from "@nn/models";
 * const model = new BertForTokenClassification({ vocabSize: 100, hiddenSize: 16, numHiddenLayers: 2, numAttentionHeads: 2, intermediateSize: 32, numLabels: 5 });
 * model.forward(tensor([[2, 7, 9, 3]], { dtype: "int32" })).shape; // => [1, 4, 5]
 * ```
 */
export class BertForTokenClassification extends Module {
  readonly bert: BertFeatures;
  readonly dropout: Dropout;
  readonly classifier: Linear;

  constructor(options: BertOptions = {}) {
    super();
    takeOptions("BertForTokenClassification", this, options, bertOptions);
    const settings = bertSettings("BertForTokenClassification", options);
    this.bert = new BertFeatures(settings);
    this.dropout = new Dropout(settings.hiddenDropoutProb, { generator: settings.generator });
    this.classifier = bertLinear(settings.hiddenSize, settings.numLabels, settings);
  }

  forward(ids: Tensor, options: BertCallOptions = {}): Tensor {
    return this.classifier.forward(this.dropout.forward(this.bert.forward(ids, options)));
  }

  override loadStateDict(stateDict: StateDict, options: LoadOptions = {}): LoadReport {
    return super.loadStateDict(fromPublished(stateDict, publishedNames), options);
  }
}
