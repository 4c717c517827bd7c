import keras
import numpy as np
from sklearn.datasets import make_moons
from sklearn.model_selection import StratifiedKFold

x, y = make_moons(300, noise=0.2)
accuracies = []
for train, validation in StratifiedKFold(5, shuffle=True).split(x, y):
    model = keras.Sequential([
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(2),
    ])
    model.compile(
        optimizer=keras.optimizers.Adam(1e-2),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(x[train], y[train], epochs=20, verbose=0)
    loss, accuracy = model.evaluate(x[validation], y[validation], verbose=0)
    accuracies.append(accuracy)
print("accuracy", np.mean(accuracies), "±", np.std(accuracies, ddof=1))
