/** Pipes, devices, streams without end, full disks and signals: through a shell, as users have them. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { putGood } from './reading.mjs'

const metric = "--metrics 'p@1:trec' --json"
const prepare = (folder) => {
  putGood(folder)
  writeFileSync(join(folder, 'qrels.gz'), gzipSync('1 0 a 1\n1 0 b 0\n'))
  writeFileSync(join(folder, 'labels.gz'), gzipSync('1 qid:1 1:1 #docid = a\n0 qid:1 1:2 #docid = b\n'))
  mkdirSync(join(folder, 'in'))
}
/** `RB` is the program. */
const row = (name, shell, expected) => ({ name: `pipe: ${name}`, prepare, shell, ...expected })
const one = { code: 0, out: /"p@1:trec": 1[,\s]/ }
const bad = (err) => ({ code: 2, err })

export const rows = [
  row('process substitution', `RB evaluate --qrels <(zcat qrels.gz) --run run ${metric}`, one),
  row('two process substitutions', `RB evaluate --qrels <(cat qrels) --run <(cat run) ${metric}`, one),
  row('packed inside the pipe', `RB evaluate --qrels <(cat qrels.gz) --run run ${metric}`, one),
  row('/dev/stdin', `cat qrels | RB evaluate --qrels /dev/stdin --run run ${metric}`, one),
  row('- for qrels', `cat qrels | RB evaluate --qrels - --run run ${metric}`, one),
  row('- for the run', `RB evaluate --qrels qrels --run - ${metric} < run`, one),
  row('- for labels', `zcat labels.gz | RB evaluate --labels - --scores scores ${metric}`, one),
  row('- for scores', `cat scores | RB evaluate --labels labels --scores - ${metric}`, one),
  row('- for groups', `printf '2\\n' | RB evaluate --labels labels --groups - --scores scores ${metric}`, one),
  row('- twice', `cat qrels | RB evaluate --qrels - --run - ${metric}`, bad(/standard input was read already/)),
  row('- in --compare', `cat run | RB evaluate --qrels qrels --compare run - --metrics map:trec`, {
    code: 0,
    out: /standard input/,
  }),
  row('a FIFO', `mkfifo f; (cat qrels > f &) ; RB evaluate --qrels f --run run ${metric}`, one),
  row(
    'a slow pipe, byte by byte',
    `(for i in 1 2 3; do sleep 0.1; printf "1 0 d$i 0\\n"; done; printf '1 0 a 1\\n') | RB evaluate --qrels - --run run ${metric}`,
    one,
  ),
  row(
    'an error in the first line of a pipe that goes on',
    `(echo bad; sleep 60) | RB evaluate --qrels - --run run ${metric}`,
    { ...bad(/line 1: "bad" has 1 words/), limit: 70 },
  ),
  row(
    'an error in the first line of a substitution that goes on',
    `RB evaluate --qrels <(echo bad; exec sleep 60 2> /dev/null) --run run ${metric}`,
    bad(/line 1: "bad" has 1 words/),
  ),
  row('nothing on standard input', `RB evaluate --qrels - --run run ${metric} < /dev/null`, bad(/no lines/)),
  row('standard input closed', `RB evaluate --qrels - --run run ${metric} <&-`, bad(/no lines|is closed|error: /)),
  row('a folder as standard input', `RB evaluate --qrels - --run run ${metric} < in`, bad(/folder/)),
  row('values from -', `echo '[3,1,2]' | RB apply rank:hard --values - --json`, { code: 0, out: /"output"/ }),
  row('values from a pipe', `RB apply rank:hard --values @<(echo '[3,1,2]') --json`, { code: 0, out: /"output"/ }),
  row('a config from a pipe', `RB run -c <(echo '{}') --dry-run`, bad(/error: /)),
  row(
    'data add from a pipe',
    `cat labels.gz | RB data add letor:mq2008 - --data root`,
    bad(/standard input: S2\.txt: no documents/),
  ),
  row(
    'zip from a pipe',
    `printf 'PK\\003\\004' | RB data add letor:mq2008 - --data root`,
    bad(/cannot be read from a pipe/),
  ),
  row(
    'a pipe as data of a run',
    `RB run -e letor -m loss:listnet -d 'letor[path=/dev/stdin]' --dry-run < <(cat labels)`,
    bad(/error: /),
  ),
  row(
    '/dev/zero for labels',
    `RB evaluate --labels /dev/zero --scores scores ${metric}`,
    bad(/no line break in 16777216 bytes/),
  ),
  row(
    '/dev/zero for qrels',
    `RB evaluate --qrels /dev/zero --run run ${metric}`,
    bad(/no line break in 16777216 bytes/),
  ),
  row(
    '/dev/zero for scores',
    `RB evaluate --labels labels --scores /dev/zero ${metric}`,
    bad(/no line break in 16777216 bytes/),
  ),
  row('/dev/zero for a config', `RB run -c /dev/zero --dry-run`, bad(/more than 256 MiB/)),
  row('/dev/zero for values', `RB apply rank:hard --values @/dev/zero`, bad(/more than 256 MiB/)),
  row('/dev/zero for data add', `RB data add letor:mq2008 /dev/zero --data root`, bad(/more than 256 MiB/)),
  row('/dev/random for qrels', `RB evaluate --qrels /dev/urandom --run run ${metric}`, bad(/error: /)),
  row(
    'blank lines without end',
    `yes '' | RB evaluate --qrels - --run run ${metric}`,
    bad(/bytes of blank lines and comments/),
  ),
  row(
    'comments without end',
    `yes '# x' | RB evaluate --labels - --scores scores ${metric}`,
    bad(/bytes of blank lines and comments/),
  ),
  row(
    'one judgement without end',
    `yes '1 0 a 1' | RB evaluate --qrels - --run run ${metric}`,
    bad(/document a twice/),
  ),
  row(
    'scores without end',
    `yes 1 | RB evaluate --labels labels --scores - ${metric}`,
    bad(/more than \d+ scores for 2 documents/),
  ),
  row(
    'one list without end',
    `yes '1 qid:1' | RB evaluate --labels - --scores scores ${metric}`,
    bad(/more than 16777216 documents/),
  ),
  row(
    'a gzip of nothing but zeros',
    `head -c 2G /dev/zero | gzip -1 > z.gz; RB evaluate --qrels z.gz --run run ${metric}`,
    { ...bad(/no line break in 16777216 bytes/), limit: 60 },
  ),
  row(
    'an archive that explodes',
    `head -c 300M /dev/zero | gzip -1 > z.gz; RB data add letor:mq2008 z.gz --data root`,
    { ...bad(/more than 256 MiB/), limit: 60 },
  ),
  row(
    'standard output on a full disk',
    `RB evaluate --qrels qrels --run run ${metric} > /dev/full`,
    bad(/standard output: no space left/),
  ),
  row('both outputs on a full disk', `RB evaluate --qrels qrels --run run ${metric} > /dev/full 2>&1`, {
    code: 2,
    err: /^$/,
  }),
  row('standard error on a full disk', `RB evaluate --qrels none --run run ${metric} 2> /dev/full`, {
    code: 2,
    err: /^$/,
  }),
  row('a reader that leaves', `RB list methods | head -1 > /dev/null; exit \${PIPESTATUS[0]}`, { code: 0 }),
  row('standard output closed', `RB evaluate --qrels qrels --run run ${metric} >&-`, { code: [0, 2] }),
  row('-o /dev/stdout', `RB evaluate --qrels qrels --run run --metrics map:trec -o /dev/stdout | cat`, {
    code: 0,
    out: /map:trec/,
  }),
  row('-o into a pipe', `RB evaluate --qrels qrels --run run --metrics map:trec -o >(cat > got); sleep 0.3; cat got`, {
    code: 0,
    out: /map:trec/,
  }),
  row(
    '-o through a link keeps the link',
    `touch real; ln -s real out; RB evaluate --qrels qrels --run run --metrics map:trec -o out > /dev/null; test -L out && cat real`,
    { code: 0, out: /map:trec/ },
  ),
  row(
    '-o into a file of a small limit leaves what was there',
    `echo before > out; (ulimit -f 0; trap '' XFSZ; RB evaluate --qrels qrels --run run --metrics map:trec -o out); echo "code $?"; cat out`,
    { code: 0, out: /code 2\nbefore/, err: /would be larger|no space/ },
  ),
  row(
    'an interrupt while data is added',
    `mkfifo p; (sleep 12 > p 2> /dev/null &); (until ls -A "$TMPDIR" | grep -q .; do sleep 0.1; done; sleep 0.3; kill -INT $(cat pid)) & RBPID data add letor:mq2008 p --data root`,
    { code: 130 },
  ),
  row(
    'a termination while data is added',
    `mkfifo p; (sleep 12 > p 2> /dev/null &); (until ls -A "$TMPDIR" | grep -q .; do sleep 0.1; done; sleep 0.3; kill -TERM $(cat pid)) & RBPID data add letor:mq2008 p --data root`,
    { code: 143 },
  ),
  row(
    'a program that is not installed',
    `bzip2 -k run; PATH=/nowhere RBNODE evaluate --qrels qrels --run run.bz2 ${metric}`,
    bad(/packed with bzip2, and the program bzip2 is not installed/),
  ),
  ...['bzip2', 'xz', 'zstd'].map((program) =>
    row(`${program} by its program`, `${program} -qk run; RB evaluate --qrels qrels --run run.*[2xt]* ${metric}`, one),
  ),
  ...['bzip2', 'xz', 'zstd'].map((program) =>
    row(
      `${program} cut short`,
      `seq 1 9999 | sed 's/.*/1 Q0 d& 1 & t/' | ${program} -c > all; head -c 900 all > cut; RB evaluate --qrels qrels --run cut ${metric}`,
      bad(/cannot unpack it/),
    ),
  ),
  row(
    '120,000 queries on a terminal',
    `seq 1 130000 | awk '{print $1" 0 a 1"}' > q; awk '{print $1" Q0 a 1 1 t"}' q > r; RB evaluate --qrels q --run r --metrics p@1:trec --per-query | tail -2`,
    { code: 0, out: /1\.0000/, limit: 60 },
  ),
  row(
    'escapes in names on a terminal',
    `printf 'q\\033[31m 0 a 1\\n' > q; printf 'q\\033[31m Q0 a 1 1 t\\n' > r; RB evaluate --qrels q --run r --metrics p@1:trec --per-query`,
    { code: 0, out: /q\\x1b\[31m/ },
  ),
  row(
    'names keep their bytes in CSV',
    `printf 'q\\351 0 a 1\\n' > q; printf 'q\\351 Q0 a 1 1 t\\n' > r; RB evaluate --qrels q --run r --metrics p@1:trec --per-query --format csv | od -c | grep -q '351' && echo kept`,
    { code: 0, out: /kept/ },
  ),
]
