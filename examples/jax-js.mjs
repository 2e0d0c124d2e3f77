// A linear ranker in jax-js (@jax-js/jax) under one of our losses. jax-js has no derivative of one's own to define and reads no value inside
// grad, so that the model is differentiated alone: vjp gives its scores and the function that pulls a gradient back through it, and
// the gradient in the scores comes from the plan of a loss.
//
//   npm install rank-bench @jax-js/jax && node jax-js.mjs
import { defaultDevice, init, numpy as np, vjp } from '@jax-js/jax'
import { plan, regularShape } from 'rank-bench'

// By name: without one it looks for a browser's GPU, and Node 20 has no navigator.
await init('wasm')
defaultDevice('wasm')

const [lists, items, features] = [32, 8, 4]
const noise = (i) => Math.sin(12.9898 * i) * 43758.5453 - Math.floor(Math.sin(12.9898 * i) * 43758.5453) - 0.5
const inputs = Float32Array.from({ length: lists * items * features }, (_, i) => 4 * noise(i))
const truth = [1, -2, 0.5, 1]

const loss = plan('loss:listnet', regularShape(lists, items))
for (let i = 0; i < lists * items; i++) {
  const score = truth.reduce((sum, w, f) => sum + w * inputs[i * features + f], 0)
  loss.labels[i] = score > 1 ? 2 : score > -1 ? 1 : 0
}
loss.cotangent.fill(1)

const x = np.array(inputs, { shape: [lists * items, features] })
let weights = np.zeros([features])
const losses = []
for (let step = 0; step < 100; step++) {
  const [scores, pull] = vjp((w) => np.dot(x.ref, w), [weights.ref])
  loss.values.set(await scores.data())
  loss.forward()
  loss.backward()
  losses.push(loss.output[0])
  const [gradient] = pull(np.array(loss.gradient.slice(), { shape: [lists * items] }))
  pull.dispose()
  weights = weights.sub(gradient.mul(0.5))
}
console.log(`listnet ${losses[0].toFixed(3)} to ${losses.at(-1).toFixed(3)}, weights ${await weights.data()}`)
