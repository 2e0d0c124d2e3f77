// What a call costs in JavaScript: forward, and forward with the gradient, in microseconds, of plans and of TensorFlow.js (its cpu
// backend), as a table of Markdown; python/costs.py has the same for Python.
//
//   node scripts/costs.mjs
//
// Each number is the median of rounds of at least 5 ms, after a warm-up; one thread.
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
// Brings the gradients of TensorFlow.js's own operations.
import '@tensorflow/tfjs-layers'
import { plan, regularShape } from '../dist/index.js'
import { differentiable, rankingLoss } from '../dist/tfjs.js'

const cases = [
  ['rank:permutahedron', 1, 100],
  ['rank:permutahedron', 256, 100],
  ['sort:neuralsort', 16, 100],
  ['loss:listnet', 128, 20],
  ['loss:lambdarank', 128, 20],
]

const time = (act, calls) => {
  const start = performance.now()
  for (let i = 0; i < calls; i++) act()
  return ((performance.now() - start) * 1000) / calls
}

function microseconds(act) {
  for (let i = 0; i < 20; i++) act()
  let calls = 1
  while (time(act, calls) * calls < 5000) calls *= 2
  const rounds = Array.from({ length: 15 }, () => time(act, calls)).sort((a, b) => a - b)
  return rounds[7].toFixed(rounds[7] < 10 ? 1 : 0)
}

const noise = (i) => Math.sin(12.9898 * i) * 2

function ofPlan(selector, batch, n) {
  const own = plan(selector, regularShape(batch, n))
  for (let i = 0; i < batch * n; i++) own.values[i] = noise(i)
  own.labels?.forEach((_, i) => {
    own.labels[i] = i % 5
  })
  own.cotangent.fill(1)
  return [
    () => own.forward(),
    () => {
      own.forward()
      own.backward()
    },
  ]
}

function ofTensors(selector, batch, n) {
  const x = tf.tensor(
    Float32Array.from({ length: batch * n }, (_, i) => noise(i)),
    [batch, n],
  )
  const labels = tf.tensor(
    Float32Array.from({ length: batch * n }, (_, i) => i % 5),
    [batch, n],
  )
  const isLoss = selector.startsWith('loss:')
  const [loss, f] = isLoss ? [rankingLoss(selector.slice(5))] : [undefined, differentiable(selector)]
  const apply = (v) => (loss ? loss(labels, v) : f(v))
  const gradient = tf.grad((v) => tf.sum(apply(v)))
  return [() => tf.tidy(() => void apply(x).dataSync()), () => tf.tidy(() => void gradient(x).dataSync())]
}

await tf.setBackend('cpu')
console.log('| operator, lists x items | plan | TensorFlow.js |\n| --- | --- | --- |')
for (const [selector, batch, n] of cases) {
  const cells = [ofPlan, ofTensors].map((make) => make(selector, batch, n).map(microseconds).join(' / '))
  console.log(`| ${selector}, ${batch} x ${n} | ${cells.join(' | ')} |`)
}
