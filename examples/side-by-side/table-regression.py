import keras
import pandas as pd
import tensorflow as tf

table = pd.read_csv("flats.csv")
table["built"] = table["built"].fillna(table["built"].mean())
train = table.sample(frac=0.8)
validation = table.drop(train.index)
mean, deviation = train["rent"].mean(), train["rent"].std()


def dataset_of(rows):
    rent = (rows["rent"] - mean) / deviation
    return tf.data.Dataset.from_tensor_slices((dict(rows.drop(columns="rent")), rent))


encoder = keras.utils.FeatureSpace(
    features={
        "area": "float_normalized",
        "rooms": "float_normalized",
        "floor": "float_normalized",
        "built": "float_normalized",
        "district": "string_categorical",
        "balcony": "string_categorical",
    },
    output_mode="concat",
)
encoder.adapt(dataset_of(train).map(lambda features, rent: features))


def batches_of(rows):
    batches = dataset_of(rows).shuffle(1000).batch(32)
    return batches.map(lambda features, rent: (encoder(features), rent))


model = keras.Sequential([
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])
model.fit(
    batches_of(train),
    validation_data=batches_of(validation),
    epochs=60,
    callbacks=[keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)],
)
loss, mae = model.evaluate(batches_of(validation))
print("mae", mae)
