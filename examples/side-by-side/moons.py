import keras
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

x, y = make_moons(450, noise=0.2)
x_train, x_validation, y_train, y_validation = train_test_split(x, y, test_size=1 / 3)
model = keras.Sequential([
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(2),
])
model.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(
    x_train,
    y_train,
    batch_size=30,
    validation_data=(x_validation, y_validation),
    epochs=60,
    callbacks=[keras.callbacks.EarlyStopping(patience=8, restore_best_weights=True)],
)
loss, accuracy = model.evaluate(x_validation, y_validation)
print("accuracy", accuracy)
