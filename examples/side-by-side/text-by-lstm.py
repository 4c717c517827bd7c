import keras
import pandas as pd

table = pd.read_csv("reviews.csv").sample(frac=1)
words = keras.layers.TextVectorization(output_sequence_length=15)
words.adapt(table["text"].to_list())
model = keras.Sequential([
    keras.layers.Embedding(words.vocabulary_size(), 16, mask_zero=True),
    keras.layers.LSTM(32),
    keras.layers.Dense(2),
])
model.compile(
    optimizer=keras.optimizers.Adam(5e-3, global_clipnorm=1.0),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
history = model.fit(
    words(table["text"].to_list()),
    table["praises"].to_numpy(),
    validation_split=0.2,
    epochs=12,
)
print("accuracy", max(history.history["val_accuracy"]))
