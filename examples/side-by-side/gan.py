import keras
import tensorflow as tf
from sklearn.datasets import make_moons


class Gan(keras.Model):
    def __init__(self):
        super().__init__()
        self.generator = keras.Sequential([
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(2),
        ])
        self.critic = keras.Sequential([
            keras.layers.Dense(64),
            keras.layers.LeakyReLU(negative_slope=0.2),
            keras.layers.Dense(1),
        ])
        self.generator_loss = keras.metrics.Mean(name="generator")
        self.critic_loss = keras.metrics.Mean(name="critic")

    def compile(self, generator_optimizer, critic_optimizer):
        super().compile()
        self.generator_optimizer = generator_optimizer
        self.critic_optimizer = critic_optimizer
        self.loss_of = keras.losses.BinaryCrossentropy(from_logits=True)

    @property
    def metrics(self):
        return [self.generator_loss, self.critic_loss]

    def generate(self, count):
        return self.generator(keras.random.normal([count, 8]))

    def train_step(self, real):
        ones, zeros = tf.ones([64, 1]), tf.zeros([64, 1])
        with tf.GradientTape() as tape:
            loss = self.loss_of(ones, self.critic(real))
            loss += self.loss_of(zeros, self.critic(self.generate(64)))
        weights = self.critic.trainable_weights
        self.critic_optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        self.critic_loss.update_state(loss)
        with tf.GradientTape() as tape:
            loss = self.loss_of(ones, self.critic(self.generate(64)))
        weights = self.generator.trainable_weights
        self.generator_optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
        self.generator_loss.update_state(loss)
        return {metric.name: metric.result() for metric in self.metrics}


model = Gan()
model.compile(keras.optimizers.Adam(1e-3), keras.optimizers.Adam(2e-3))
points, _ = make_moons(4096, noise=0.05)
batches = tf.data.Dataset.from_tensor_slices(points.astype("float32")).shuffle(4096).batch(64)
history = model.fit(batches, epochs=20)
print("loss", history.history["generator"][-1], "points", model.generate(10).shape)
