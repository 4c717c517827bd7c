import random

import gymnasium
import keras
import numpy as np
import tensorflow as tf


def create():
    return keras.Sequential([
        keras.Input([4]),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(2),
    ])


network, target = create(), create()
optimizer = keras.optimizers.Adam(1e-3, global_clipnorm=10.0)
loss_of = keras.losses.Huber()
act = tf.function(lambda state: tf.argmax(network(state), axis=1))


@tf.function
def learn(state, action, following, fell):
    later = tf.reduce_max(target(following), axis=1)
    wanted = 1.0 + 0.99 * later * (1.0 - fell)
    with tf.GradientTape() as tape:
        values = tf.gather(network(state), action, batch_dims=1)
        loss = loss_of(wanted, values)
    weights = network.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))


environment = gymnasium.make("CartPole-v1")
memory = []
(state, _), length, longest = environment.reset(), 0, 0
for step in range(8000):
    explores = random.random() < max(0.05, 1 - step / 4000)
    action = random.randrange(2) if explores else int(act(state[None])[0])
    following, _, fell, truncated, _ = environment.step(action)
    memory.append((state, action, following, np.float32(fell)))
    state, length = following, length + 1
    if fell or truncated:
        (state, _), longest, length = environment.reset(), max(longest, length), 0
    if step % 200 == 0:
        target.set_weights(network.get_weights())
    if len(memory) < 500:
        continue
    batch = random.choices(memory, k=64)
    learn(*(np.array(column) for column in zip(*batch)))
print("longest episode", longest)
