import keras
import numpy as np
from sklearn.datasets import make_moons
from sklearn.utils import resample

x, y = make_moons(200, noise=0.3)
models = []
for _ in range(5):
    x_sample, y_sample = resample(x, y)
    model = keras.Sequential([
        keras.layers.Dense(32, activation="relu"),
        keras.layers.Dense(2, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy")
    model.fit(x_sample, y_sample, epochs=20, verbose=0)
    models.append(model)
x_unseen, y_unseen = make_moons(200, noise=0.3)
together = np.mean([model.predict(x_unseen, verbose=0) for model in models], axis=0)
print("accuracy", np.mean(together.argmax(axis=1) == y_unseen))
