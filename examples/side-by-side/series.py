import keras
import numpy as np
import pandas as pd

past, future = 168, 24
load = pd.read_csv("load.csv")["load"].to_numpy()
scaled = (load - load.mean()) / load.std()
windows = np.lib.stride_tricks.sliding_window_view(scaled, past + future)
x, y = windows[:, :past], windows[:, past:]
count = round(0.8 * len(x))

model = keras.Sequential([
    keras.layers.Reshape([past // 24, 24]),
    keras.layers.GRU(64),
    keras.layers.Dense(future),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
history = model.fit(
    x[:count],
    y[:count],
    validation_data=(x[count + future :], y[count + future :]),
    epochs=10,
    callbacks=[keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)],
)
print("mse", min(history.history["val_loss"]))
