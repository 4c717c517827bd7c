import keras
import numpy as np

alphabet = ".abcdefghijklmnopqrstuvwxyz"
names = open("names.txt").read().split()
encode = lambda text: [alphabet.index(character) for character in text]
before, following = [], []
for name in names:
    text = encode("..." + name + ".")
    for at in range(3, len(text)):
        before.append(text[at - 3 : at])
        following.append(text[at])
order = np.random.permutation(len(before))
before, following = np.array(before)[order], np.array(following)[order]

model = keras.Sequential([
    keras.layers.Embedding(27, 10),
    keras.layers.Flatten(),
    keras.layers.Dense(64, activation="tanh"),
    keras.layers.Dense(27),
])
model.compile(
    optimizer=keras.optimizers.AdamW(5e-3, weight_decay=0.3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
model.fit(
    before,
    following,
    batch_size=64,
    validation_split=0.15,
    epochs=40,
    callbacks=[keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True)],
)

text = "..."
while True:
    logits = model.predict(np.array([encode(text[-3:])]), verbose=0)
    text += alphabet[int(keras.random.categorical(logits, 1)[0, 0])]
    if text.endswith("."):
        break
print("name", text)
