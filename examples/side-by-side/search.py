import keras
import keras_tuner
from sklearn.datasets import make_moons
from sklearn.model_selection import train_test_split

x, y = make_moons(400, noise=0.2)
x_train, x_validation, y_train, y_validation = train_test_split(x, y, test_size=0.4)


def build(parameters):
    rate = parameters.Float("learning_rate", 1e-4, 0.1, sampling="log")
    width = parameters.Int("width", 4, 64, sampling="log")
    model = keras.Sequential([
        keras.layers.Dense(width, activation="relu"),
        keras.layers.Dense(2),
    ])
    model.compile(
        optimizer=keras.optimizers.Adam(rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model


tuner = keras_tuner.Hyperband(
    build, objective="val_loss", max_epochs=20, directory="runs", project_name="moons"
)
tuner.search(x_train, y_train, validation_data=(x_validation, y_validation))
best = tuner.oracle.get_best_trials(1)[0]
print("loss", best.score, best.hyperparameters.values)
