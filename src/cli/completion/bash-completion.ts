import type { CompletionTree } from './completion-tree.ts';

/** A script for bash 3.2 and later; files complete where nothing else does. */
export function bashCompletion(tree: CompletionTree): string {
  const words = tree.branches.map(
    ({ path, words: next, flags }) =>
      `    "${path}") words="${next.join(' ')}"; flags="${flags.join(' ')}" ;;`,
  );
  const paths = tree.branches.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`);
  const values = [...tree.values].map(
    ([flag, options]) => `    ${flag}) COMPREPLY=($(compgen -W "${options.join(' ')}" -- "$cur")); return ;;`,
  );
  return `# bash completion of remedyctl: source <(remedyctl autocomplete bash)
_remedyctl() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" flags="" i next
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
    ${paths.join('|')}) path="$next" ;;
    esac
  done
  case "$prev" in
${values.join('\n')}
  esac
  case "$path" in
${words.join('\n')}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
}
complete -o default -F _remedyctl remedyctl
`;
}
