import keras
import keras_hub
import numpy as np

context, features, heads = 32, 48, 4
text = open("text.txt").read()
alphabet = sorted(set(text))
encode = lambda of: np.array([alphabet.index(character) for character in of])
windows = np.lib.stride_tricks.sliding_window_view(encode(text), context + 1)[::7]

inputs = keras.Input([context], dtype="int32")
x = keras_hub.layers.TokenAndPositionEmbedding(len(alphabet), context, features)(inputs)
for _ in range(2):
    x = keras_hub.layers.TransformerDecoder(4 * features, heads, dropout=0.1)(x)
model = keras.Model(inputs, keras.layers.Dense(len(alphabet))(x))
steps = 4 * int(np.ceil(len(windows) / 64))
model.compile(
    optimizer=keras.optimizers.AdamW(keras.optimizers.schedules.CosineDecay(3e-3, steps)),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(windows[:, :-1], windows[:, 1:], batch_size=64, epochs=4)

written = text[:context]
for _ in range(200):
    logits = model.predict(encode(written[-context:])[None], verbose=0)[:, -1]
    written += alphabet[int(keras.random.categorical(logits, 1)[0, 0])]
print("text", written)
