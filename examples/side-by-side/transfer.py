import keras

(x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
x, x_test = x[..., None] / 255.0, x_test[..., None] / 255.0

trunk = keras.Sequential([
    keras.layers.Conv2D(8, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Conv2D(16, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
])


def learn(model, rate, x, y, validation):
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model.fit(x, y, batch_size=20, validation_data=validation, epochs=10)


first = keras.Sequential([trunk, keras.layers.Dense(5)])
low, low_test = y < 5, y_test < 5
learn(first, 2e-3, x[low], y[low], (x_test[low_test], y_test[low_test]))

model = keras.Sequential([trunk, keras.layers.Dense(5)])
few, few_labels = x[y >= 5][:40], y[y >= 5][:40] - 5
validation = (x_test[y_test >= 5], y_test[y_test >= 5] - 5)
trunk.trainable = False
learn(model, 1e-2, few, few_labels, validation)
trunk.trainable = True
history = learn(model, 5e-4, few, few_labels, validation)
print("accuracy", history.history["val_accuracy"][-1])
