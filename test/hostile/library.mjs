/** The same through the library: each call is refused with an error that says what was read, and never a TypeError of ours. */

/** `bad`: an expression; it must throw RankBenchError, at once or later. */
const refused = (name, bad, words) => ({
  name: `library: ${name}`,
  shell: `RBLIBRARY "
    const rb = await import(process.argv[1])
    try { const x = await (${bad.replaceAll('"', '\\"')}); console.log('accepted', typeof x) }
    catch (e) { console.log(e instanceof rb.RankBenchError ? 'refused' : 'bug ' + e.stack, e.kind, e.message) }"`,
  code: 0,
  out: new RegExp(`^refused (usage|value|data) .*${words}`, 's'),
})

const config = (top = '', of = '') =>
  `{ name: 'x', ${top} suites: [{ experiment: 'example', methods: ['rank:sigmoid'], datasets: ['given'], ${of} }] }`
const run = (top, of, options = '{}') => `rb.run(${config(top, of)}, ${options})`

const options = [
  ['jobs: 0', 'jobs'],
  ['jobs: -1', 'jobs'],
  ['jobs: 1.5', 'jobs'],
  ['jobs: NaN', 'jobs'],
  ['jobs: 100000', 'jobs'],
  ["jobs: '2'", 'jobs'],
  ['timeout: 0', 'timeout'],
  ['timeout: 3000000', 'timeout'],
  ['timeout: Infinity', 'timeout'],
  ['memory: 0', 'memory'],
  ['memory: -4', 'memory'],
  ['memory: NaN', 'memory'],
  ["out: ''", 'out'],
  ['out: 7', 'out'],
  ["data: ' '", 'data'],
  ["peer: './mine.py'", 'peer'],
  ["peer: ['']", 'peer'],
  ["fresh: 'yes'", 'fresh'],
  ["reuse: ''", 'reuse'],
  ["reuse: 'gone'", 'gone'],
  ['events: 5', 'events'],
  ['job: 2', 'job'],
].map(([text, words]) => refused(`run with ${text}`, run('', '', `{ ${text} }`), words))

const configs = [
  ['seed: 2 ** 53,', '', 'seed'],
  ['seed: -1,', '', 'seed'],
  ['seed: 0.5,', '', 'seed'],
  ["seed: '1',", '', 'seed'],
  ["papers: ['nosuch'],", '', 'nosuch'],
  ["papers: ['fast-soft-sort', 'fast-soft-sort'],", '', 'once'],
  ["profile: 'slow',", '', 'profile'],
  ['sedes: 1,', '', 'sedes'],
  ["everyQuery: ['banana'],", '', 'banana'],
  ["plugins: ['./gone.mjs'],", '', 'gone'],
  ['', "precisions: ['f16'],", 'precisions'],
  ['', "precisions: ['f64', 'f64'],", 'once'],
  ['', 'seeds: [1, 1],', 'once'],
  ['', 'seeds: [2 ** 53],', 'seeds'],
  ['', 'seeds: [],', 'seeds'],
  ['', "folds: ['fold1'],", 'fold1'],
  ['', "experiment: 'stability', datasets: ['sorting[n=5]'],", 'would change nothing'],
  ['', "experiment: 'latency[threads=10000]', datasets: ['sorting'],", 'threads'],
  ['', "experiment: 'latency[threads=64]', datasets: ['sorting'],", 'threads'],
  ['', "datasets: ['sorting[n=4294967312]'],", 'n is'],
].map(([top, of, words]) => refused(`a config with ${top}${of}`, run(top, of), words))

const shapes = [
  ['rb.regularShape(-1, 5)', 'batch'],
  ['rb.regularShape(1, -5)', 'length'],
  ['rb.regularShape(1, 2.5)', 'length'],
  ['rb.regularShape(1, NaN)', 'length'],
  ['rb.regularShape(1, 4294967312)', 'length'],
  ['rb.regularShape(65536, 65536)', 'batch x length'],
  ["rb.regularShape('2', 5)", 'batch'],
  ['rb.raggedShape([3, -1])', 'row 1'],
  ['rb.raggedShape([3, 0.5])', 'row 1'],
  ['rb.raggedShape([4294967295, 1])', 'items up to row 1'],
  ['rb.maskedShape([true], 1, 2)', 'mask'],
  ['rb.maskedShape([1, 2], 1, 2)', 'mask'],
].map(([call, words]) => refused(call, call, words))

const plans = [
  ["rb.plan('rank:sigmoid', rb.regularShape(1, 3), { threads: 0 })", 'threads'],
  ["rb.plan('rank:sigmoid', rb.regularShape(1, 3), { threads: 65 })", 'threads'],
  ["rb.plan('rank:sigmoid', rb.regularShape(1, 3), { threads: 1.5 })", 'threads'],
  ["rb.plan('rank:sigmoid', rb.regularShape(1, 3), { precision: 'f16' })", 'precision'],
  ["rb.plan('rank:sigmoid', rb.regularShape(1, 3), { engine: 'gpu' })", 'engine'],
  ["rb.plan('rank:sigmoid', rb.regularShape(1, 3), { thread: 1 })", 'thread'],
  ["rb.plan('rank:sigmoid', {})", 'shape'],
  ["rb.plan('rank:sigmoid[strength=0x10]', rb.regularShape(1, 3))", 'strength'],
  ["rb.plan('rank:neuralsort[samples=1e12]', rb.regularShape(1, 3))", 'samples'],
  ["rb.plan('loss:ordinal[levels=1e12]', rb.regularShape(1, 3))", 'levels'],
  ['rb.plan(5, rb.regularShape(1, 3))', 'selector'],
  ["rb.apply('rank:sigmoid', [NaN])", 'NaN'],
  ["rb.apply('rank:sigmoid', [[1], 2])", 'row|mixed|list|number'],
  ['rb.softRank([1, 2], { strength: NaN })', 'strength'],
  ["rb.softRank([1, 2], { strength: '0x10' })", 'strength'],
  ['rb.softRank([1, 2], { strenght: 1 })', 'strenght'],
  ['rb.softRank([1, Infinity])', 'finite'],
  ['rb.softTopK([1, 2], { k: -1 })', 'k'],
  ['rb.softQuantile([1, 2], { q: 2 })', 'q'],
].map(([call, words]) => refused(call, call, words))

const loaded = 'rb.loadRun(process.argv[2])'
const runs = [
  ['rb.run(undefined)', 'config'],
  ["rb.run('quick')", 'config'],
  [run('', '', 'null'), 'options are null'],
  [run('', '', '{ events: { note: 5 } }'), 'events'],
  ['rb.loadRun(5)', 'directory'],
  ['rb.report({})', 'no run'],
  ['rb.report(null)', 'no run'],
  [`rb.report(await ${loaded}, { metrics: ['banana'] })`, 'banana'],
  [`rb.report(await ${loaded}, { papers: ['nosuch'] })`, 'nosuch'],
  [`rb.judge('nosuch', await ${loaded})`, 'nosuch'],
  [`rb.judge(7, await ${loaded})`, 'paper'],
  ["rb.judge('fast-soft-sort', {})", 'no run'],
  ["rb.render([], 'pdf')", 'pdf'],
  ["rb.render('x', 'json')", 'no tables'],
  ["rb.render([{}], 'json')", 'no tables'],
  ["rb.compare('ndcg@10:letor4', [])", 'two rankings'],
  ["rb.compare('ndcg@10:letor4', [{ name: 'a', perQuery: [1] }])", 'two rankings'],
  ["rb.compare('ndcg@10:letor4', [{ name: 'a' }, { name: 'b' }])", 'ranking 0'],
  ["rb.compare('ndcg@10:letor4', [{ name: 'a', perQuery: [1, 2] }, { name: 'b', perQuery: [1] }])", 'same queries'],
  ["rb.compare(5, [{ name: 'a', perQuery: [1] }, { name: 'b', perQuery: [1] }])", 'metric'],
  ["rb.evaluate({}, 'map:letor4')", 'labels'],
  ["rb.evaluate(null, 'map:letor4')", 'labels'],
  ['rb.evaluate({ labels: [1], scores: [1], offsets: Uint32Array.of(0, 1) }, 5)', 'metrics'],
  ["rb.evaluate({ labels: [1], scores: [NaN], offsets: Uint32Array.of(0, 1) }, 'map:letor4')", 'NaN'],
  ["rb.evaluate({ labels: [1, 0], scores: [1], offsets: Uint32Array.of(0, 1) }, 'map:letor4')", 'labels|entries'],
  ["rb.loadRun('gone')", 'gone'],
  ["rb.loadRun('')", 'run'],
  ["rb.evaluate({ labels: [1], scores: [1], offsets: [0, 1] }, 'ndcg@0:letor4')", 'cutoff'],
  ["rb.evaluate({ labels: [1], scores: [1], offsets: [0, 1] }, 'banana')", 'banana'],
].map(([call, words]) => refused(call, call, words))

export const rows = [...options, ...configs, ...shapes, ...plans, ...runs]
