/** Layouts and archives: what is found, what is refused, and that nothing is left behind or written outside. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

const part = (n) => Array.from({ length: 6 }, (_, i) => `${i % 3} qid:${n}${i >> 1} 1:${i}\n`).join('')
const put = (folder, name, content) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}
const putAll = (names) => (folder) => {
  for (const [i, name] of names.entries()) put(folder, name, name.endsWith('.gz') ? gzipSync(part(i)) : part(i))
}
const plan = (path) => () => ['run', '-e', 'letor', '-m', 'loss:listnet', '-d', `letor[path=${path}]`, '--dry-run']

const layout = (name, names, expected, path = 'd') => ({
  name: `layout: ${name}`,
  prepare: putAll(names.map((each) => `d/${each}`)),
  args: plan(path),
  ...expected,
})
const found = (err = /^$/) => ({ code: 0, err })
const bad = (err) => ({ code: 2, err })
const parts = [1, 2, 3, 4, 5].map((n) => `S${n}.txt`)
const split = (prefix, ending) => ['train', 'vali', 'test'].map((each) => `${prefix}${each}${ending}`)

const layouts = [
  layout('S1..S5', parts, found()),
  layout('Fold1', split('Fold1/', '.txt'), found()),
  layout(
    'Fold1 and Fold3',
    [...split('Fold1/', '.txt'), ...split('Fold3/', '.txt')],
    bad(/holds Fold1, Fold3, but no Fold2/),
  ),
  layout('Fold2 alone', split('Fold2/', '.txt'), bad(/but no Fold1/)),
  layout('a fold without a test file', ['Fold1/train.txt', 'Fold1/vali.txt'], bad(/lacks a train or a test file/)),
  layout('S1..S6', [...parts, 'S6.txt'], bad(/holds S1, S2, S3, S4, S5, S6; expected S1 to S5/)),
  layout('S1..S4', parts.slice(0, 4), bad(/holds no S1\.\.S5/)),
  layout('train and test alone', ['train.txt', 'test.txt'], found(/no validation file; the last fifth/)),
  layout('set1 and set2', [...split('set1.', '.txt'), ...split('set2.', '.txt')], bad(/several data sets: set1, set2/)),
  layout('set1 of both', [...split('set1.', '.txt'), ...split('set2.', '.txt')], found(), 'd/set1'),
  layout('dev for validation', ['train.svm', 'dev.svm', 'test.svm'], found()),
  layout('.libsvm.gz', split('', '.libsvm.gz'), found()),
  layout('.dat', split('', '.dat'), found()),
  layout('without an ending', split('rank.', ''), found()),
  layout('sample inside', split('sample/', '.txt'), found()),
  layout(
    'sample and full inside',
    [...split('sample/', '.txt'), ...split('full/', '.txt')],
    bad(/several data sets: sample, full|several data sets: full, sample/),
  ),
  layout('two train files', [...split('', '.txt'), 'train.dat'], bad(/expected one train file/)),
  layout('nothing', ['readme.md'], bad(/holds no S1\.\.S5/)),
  layout('no folder', [], bad(/holds no S1\.\.S5/)),
  { name: 'layout: one file', prepare: (folder) => put(folder, 'd', part(1) + part(2)), args: plan('d'), ...found() },
  {
    name: 'layout: one file with two lists only',
    prepare: (folder) => put(folder, 'd', '1 qid:1 1:1\n0 qid:2 1:1\n'),
    args: () => ['data', 'scale', 'letor[path=d]'],
    ...bad(/holds 2 lists; expected at least 5/),
  },
  {
    name: 'layout: train and test are one text',
    prepare: (folder) => {
      for (const each of ['train', 'test']) put(folder, `d/${each}.txt`, part(1))
      put(folder, 'd/vali.txt', part(2))
    },
    args: plan('d'),
    ...found(/hold the same text: what is tested was trained on/),
  },
  { name: 'layout: a device', prepare: () => {}, args: plan('/dev/null'), ...bad(/is no regular file|holds no S1/) },
  {
    name: 'layout: a loop of links',
    prepare: (folder) => symlinkSync('d', join(folder, 'd')),
    args: plan('d'),
    ...bad(/symbolic links/),
  },
  { name: 'layout: a name of 300 letters', prepare: () => {}, args: plan('n'.repeat(300)), ...bad(/too long/) },
]

const add = (source) => () => ['data', 'add', 'letor:mq2008', source, '--data', 'root']
const tar = (folder, name, flags, ...members) =>
  execFileSync('tar', [...flags, join(folder, name), '-C', join(folder, 'in'), ...members])
const archive = (name, make, expected, source = 'a') => ({
  name: `archive: ${name}`,
  prepare: (folder) => {
    mkdirSync(join(folder, 'in'))
    make(folder)
  },
  args: add(source),
  absent: ['root', 'escaped', '../escaped'],
  ...expected,
})
const putParts = (folder) => {
  for (const name of parts) put(folder, `in/${name}`, part(name[1]))
}

/** A tar of one member under any name: its header by hand, as no tar program writes such names. */
function tarOf(name, content, { type = '0', link = '', size = content.length } = {}) {
  const header = Buffer.alloc(512)
  header.write(name, 0, 100, 'latin1')
  header.write('0000644\0', 100)
  header.write('0000000\0', 108)
  header.write('0000000\0', 116)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        ', 148)
  header.write(type, 156)
  header.write(link, 157)
  header.write('ustar\x0000', 257)
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  padded.write(content)
  return Buffer.concat([header, padded])
}
const ended = (...members) => Buffer.concat([...members, Buffer.alloc(1024)])
const raw = (bytes) => (folder) => writeFileSync(join(folder, 'a'), bytes)
/** Read whole: what is wrong is only that it is not the published data. */
const wasRead = bad(/is not letor:mq2008:/)

const packings = [
  ['tar', '-cf'],
  ['tar.gz', '-czf'],
  ['tar.bz2', '-cjf'],
  ['tar.xz', '-cJf'],
].map(([name, flag]) =>
  archive(
    `${name}, whatever it is called`,
    (folder) => {
      putParts(folder)
      tar(folder, 'a', [flag], '.')
    },
    wasRead,
  ),
)

const archives = [
  ...packings,
  archive(
    'tar.zst',
    (folder) => {
      putParts(folder)
      tar(folder, 'a.tar', ['-cf'], '.')
      execFileSync('zstd', ['-q', join(folder, 'a.tar'), '-o', join(folder, 'a')])
    },
    wasRead,
  ),
  archive(
    'zip',
    (folder) => {
      putParts(folder)
      execFileSync('zip', ['-qr', join(folder, 'a.zip'), '.'], { cwd: join(folder, 'in') })
    },
    wasRead,
    'a.zip',
  ),
  archive(
    'an encrypted zip',
    (folder) => {
      putParts(folder)
      execFileSync('zip', ['-qr', '-P', 'secret', join(folder, 'a.zip'), '.'], { cwd: join(folder, 'in') })
    },
    bad(/encrypted/),
    'a.zip',
  ),
  archive(
    'a zip cut short',
    (folder) => {
      putParts(folder)
      execFileSync('zip', ['-qr', join(folder, 'a.zip'), '.'], { cwd: join(folder, 'in') })
      writeFileSync(join(folder, 'a'), readFileSync(join(folder, 'a.zip')).subarray(0, 300))
    },
    bad(/damaged or cut short/),
  ),
  archive(
    'a zip with a link',
    (folder) => {
      symlinkSync('/etc/passwd', join(folder, 'in/S1.txt'))
      execFileSync('zip', ['-qry', join(folder, 'a.zip'), '.'], { cwd: join(folder, 'in') })
    },
    bad(/links in archives are not followed/),
    'a.zip',
  ),
  archive('a zip of nothing', raw(Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)])), bad(/empty archive/)),
  archive('an empty tar', raw(Buffer.alloc(10240)), bad(/./)),
  archive(
    'a tar cut short',
    (folder) => {
      putParts(folder)
      tar(folder, 'b', ['-cf'], '.')
      writeFileSync(join(folder, 'a'), readFileSync(join(folder, 'b')).subarray(0, 1300))
    },
    bad(/damaged or cut short|holds neither/),
  ),
  archive(
    'a tar.gz cut short',
    (folder) => {
      putParts(folder)
      tar(folder, 'b', ['-czf'], '.')
      writeFileSync(join(folder, 'a'), readFileSync(join(folder, 'b')).subarray(0, 100))
    },
    bad(/truncated/),
  ),
  archive(
    'a tar whose second header is damaged',
    raw(ended(tarOf('S1.txt', part(1)), Buffer.alloc(512, 7))),
    bad(/damaged or cut short/),
  ),
  archive('a tar that leads out by ..', raw(ended(tarOf('../escaped', 'x'))), bad(/outside of itself/)),
  archive('a tar that leads out by /', raw(ended(tarOf('/tmp/rank-bench-escaped', 'x'))), bad(/outside of itself/)),
  archive('a tar that leads out inside', raw(ended(tarOf('a/../../escaped', 'x'))), bad(/outside of itself/)),
  archive('a tar that leads out by \\', raw(ended(tarOf('..\\escaped', 'x'))), bad(/outside of itself/)),
  archive(
    'a tar with a symbolic link',
    raw(ended(tarOf('S1.txt', '', { type: '2', link: '/etc/passwd' }))),
    bad(/not followed/),
  ),
  archive(
    'a tar with a hard link',
    raw(ended(tarOf('S1.txt', '', { type: '1', link: '/etc/passwd' }))),
    bad(/not followed/),
  ),
  archive('a tar with a device', raw(ended(tarOf('S1.txt', '', { type: '3' }))), bad(/not followed/)),
  archive('a tar with a FIFO', raw(ended(tarOf('S1.txt', '', { type: '6' }))), bad(/not followed/)),
  archive(
    'a link and a file through it',
    raw(ended(tarOf('in', '', { type: '2', link: '..' }), tarOf('in/escaped', 'x'))),
    bad(/not followed/),
  ),
  archive('a tar with a file twice', raw(ended(tarOf('S1.txt', 'x'), tarOf('S1.txt', 'y'))), bad(/holds a file twice/)),
  archive('a tar with a file and a folder of one name', raw(ended(tarOf('d', 'x'), tarOf('d/S1.txt', 'y'))), bad(/./)),
  archive(
    'a tar with a member of 8 GiB',
    raw(ended(tarOf('S1.txt', 'x', { size: 8 ** 11 - 1 }))),
    bad(/damaged or cut short|more than/),
  ),
  archive('a tar with a name of control bytes', raw(ended(tarOf('../\x1b[2J', 'x'))), bad(/\\x1b\[2J/)),
  archive(
    'a tar with a damaged part',
    (folder) => {
      putParts(folder)
      put(folder, 'in/S3.txt', '0 qid:1 1:1\nwhat\n')
      tar(folder, 'a', ['-cf'], '.')
    },
    bad(/a: S3\.txt, line 2: the label is "what"/),
  ),
  archive(
    'a tar of 10,001 files',
    raw(ended(...Array.from({ length: 10_001 }, (_, i) => tarOf(`f${i}`, '')))),
    bad(/more than 10000 files/),
  ),
  archive('a web page', raw('<html><body>sign in</body></html>'), bad(/web page/)),
  archive('a text of another data set', raw(part(1)), bad(/no documents|is not letor/)),
  archive('a folder of another data set', (folder) => putParts(folder), wasRead, 'in'),
  archive('an empty folder', () => {}, bad(/holds neither S1\.\.S5 nor Fold1\.\.Fold5/), 'in'),
  archive('nothing there', () => {}, bad(/no such file/), 'none'),
]

export const rows = [...layouts, ...archives]
