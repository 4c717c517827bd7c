import keras
from keras import ops


class Vae(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = keras.Sequential([
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(16),
        ])
        self.decoder = keras.Sequential([
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(784),
        ])

    def call(self, x):
        center, log_variance = ops.split(self.encoder(x), 2, axis=1)
        noise = keras.random.normal(ops.shape(center))
        logits = self.decoder(center + ops.exp(0.5 * log_variance) * noise)
        divergence = -0.5 * ops.sum(
            1 + log_variance - ops.square(center) - ops.exp(log_variance), axis=1
        )
        self.add_loss(ops.mean(divergence))
        return logits


def reconstruction(x, logits):
    error = ops.binary_crossentropy(x, logits, from_logits=True)
    return ops.sum(error, axis=1)


(x, _), _ = keras.datasets.mnist.load_data()
x = x.reshape(-1, 784) / 255.0
model = Vae()
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss=reconstruction)
history = model.fit(x, x, batch_size=50, epochs=10)
imagined = ops.sigmoid(model.decoder(keras.random.normal([10, 8])))
print("loss", history.history["loss"][-1], "images", imagined.shape)
