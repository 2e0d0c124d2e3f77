import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

test('list methods fits 80 columns, and one name tells everything about it', () => {
  const { out } = rankBench(['list', 'methods'])
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([])
  const one = rankBench(['list', 'methods', 'rank:sigmoid']).out
  expect(one).toMatch(/safe strength +rows of 10: [\d.]+ to [\d.]+; rows of 100/)
  for (const part of ['parameter strength', 'gradient', 'promises', 'BibTeX', 'rank-bench check rank:sigmoid'])
    expect(one).toContain(part)
  expect(rankBench(['list', 'methods', 'rank:sigmod']).err).toContain('did you mean rank:sigmoid')
  expect(rankBench(['list', 'configs']).out).toMatch(/^quick /m)
})

test('completion is a script that bash takes', () => {
  const { out } = rankBench(['completion', 'bash'])
  const typed = 'COMP_WORDS=(rank-bench run --dry); COMP_CWORD=2; _rank_bench; printf "%s\n" "$COMPREPLY"'
  const { stdout } = spawnSync('bash', ['-c', `${out}\n${typed}`], { encoding: 'utf8' })
  expect(stdout.trim()).toBe('--dry-run')
})

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
const shell = (program: string) => {
  const there = has(program)
  if (!there) console.log(`skipped: ${program} is not installed here`)
  return test.skipIf(!there)
}

shell('fish')('completion is a script that fish completes by', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'c.fish'), rankBench(['completion', 'fish']).out)
  const typed = 'source c.fish; complete -C "rank-bench run --dry"; complete -C "rank-bench repr"'
  const { stdout } = spawnSync('fish', ['--no-config', '-c', typed], { encoding: 'utf8', cwd: folder })
  expect(stdout.trim().split(/\s+/)).toEqual(['--dry-run', 'reproduce'])
})

/** What a terminal shows without what moves its cursor. */
const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what is taken away
  text.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replaceAll(/[\u0007\b\r]/g, '')

shell('zsh')('completion is a script that zsh completes by, after a tab in a terminal', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'c.zsh'), rankBench(['completion', 'zsh']).out)
  const session = [
    'zmodload zsh/zpty',
    'zpty z zsh -f -i',
    `zpty -w z 'PS1=; autoload -U compinit; compinit -D -u; source ./c.zsh; echo REA""DY'`,
    `zpty -r z out '*READY*'`,
    `zpty -w -n z $'rank-bench run --dry\\t'`,
    `zpty -r z out '*-run*'`,
    'print -r -- "$out"',
  ]
  const { stdout } = spawnSync('zsh', ['-f', '-c', session.join('\n')], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 60_000,
  })
  expect(plain(stdout)).toContain('rank-bench run --dry-run')
})

test("every verb's help has examples, and a mistake shows the nearest option and the verb's usage", () => {
  const verbs = rankBench(['--help']).out.matchAll(/^ {2}([a-z]+) .*/gm)
  const below: Readonly<Record<string, readonly string[]>> = {
    data: ['list', 'add', 'verify', 'path', 'scale'],
    peers: ['list', 'install', 'init'],
    submit: ['slurm', 'kubernetes', 'github', 'status'],
    help: [],
  }
  const leaves = [...verbs].flatMap(([, verb]) => below[verb]?.map((each) => [verb, each]) ?? [[verb]])
  expect(leaves.length).toBeGreaterThan(14)
  const bare = leaves.filter(
    (words) => !/\nExamples?:\n {2}(eval "\$\()?rank-bench /.test(rankBench([...words, '--help']).out),
  )
  expect(bare).toEqual([])
  const { err } = rankBench(['run', '--sede', '1'])
  expect(err).toContain('Did you mean --seed?')
  expect(err).toContain('usage: rank-bench run [options]')
})

test('what is typed is honoured or refused', () => {
  const refused = (...args: string[]) => {
    const { code, err } = rankBench(['run', '-e', 'latency', '-m', 'rank:sigmoid', '--dry-run', ...args])
    expect(code, args.join(' ')).toBe(2)
    return err
  }
  expect(refused('--precision', 'banana')).toContain('expected f32, f64')
  expect(refused('--seeds', '1,,2')).toContain('empty entry')
  expect(refused('--jobs', '0')).toContain('1 or more')
  expect(rankBench(['run', '-c', 'quik']).err).toContain('did you mean quick')
})

test('a config is narrowed by -m, -d and -e', () => {
  const narrowed = (...args: string[]) => rankBench(['run', '-c', 'quick', '--dry-run', ...args])
  const { out } = narrowed('-e', 'latency', '-m', 'rank:sigmoid')
  expect(out).toMatch(/plan: 2 cells/)
  // A value is refused only where no suite of the config has a cell of it: lists have no folds.
  expect(narrowed('--seeds', '1,2').out).toMatch(/plan: 176 cells/)
  expect(narrowed('--folds', 'fold1').out).toMatch(/plan: 70 cells/)
  expect(narrowed('-m', 'rank:lapsum').err).toContain('nothing is left of quick')
})
