/** Completion scripts of the shells, made of verbs and the words that may follow each. */

/** A verb, what follows it. */
export interface Words {
  readonly verb: string
  readonly words: readonly string[]
}

const verbs = (all: readonly Words[]): string => all.map(({ verb }) => verb).join(' ')

const bash = (all: readonly Words[]): string => `# rank-bench completion for bash: eval "$(rank-bench completion bash)"
_rank_bench() {
  local word=\${COMP_WORDS[COMP_CWORD]} words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${verbs(all)}"
  else
    case \${COMP_WORDS[1]} in
${all.map(({ verb, words }) => `      ${verb}) words="${words.join(' ')}" ;;`).join('\n')}
      *) words="" ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _rank_bench rank-bench
`

const zsh = (all: readonly Words[]): string => `#compdef rank-bench
# rank-bench completion for zsh: eval "$(rank-bench completion zsh)"
_rank_bench() {
  if (( CURRENT == 2 )); then
    compadd -- ${verbs(all)}
  else
    case $words[2] in
${all.map(({ verb, words }) => `      ${verb}) compadd -- ${words.join(' ')} ;;`).join('\n')}
    esac
    _files
  fi
}
compdef _rank_bench rank-bench
`

const fish = (all: readonly Words[]): string =>
  [
    '# rank-bench completion for fish: rank-bench completion fish | source',
    `complete -c rank-bench -n __fish_use_subcommand -f -a '${verbs(all)}'`,
    ...all.map(
      ({ verb, words }) => `complete -c rank-bench -n '__fish_seen_subcommand_from ${verb}' -a '${words.join(' ')}'`,
    ),
    '',
  ].join('\n')

export const scripts = { bash, zsh, fish }
