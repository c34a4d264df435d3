import type { CompletionTree } from './completion-tree.ts';

/** A script for zsh, sourced or as a file \`_remedyctl\` in $fpath. */
export function zshCompletion(tree: CompletionTree): string {
  const branches = tree.branches.map(
    ({ path, words, flags }) => `    "${path}") next=(${words.join(' ')}); flags=(${flags.join(' ')}) ;;`,
  );
  const paths = tree.branches.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`);
  const values = [...tree.values].map(
    ([flag, options]) => `    ${flag}) compadd -- ${options.join(' ')}; return ;;`,
  );
  return `#compdef remedyctl
# zsh completion of remedyctl: source <(remedyctl autocomplete zsh)
_remedyctl() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" branch="" try i
  local -a next flags
  for ((i = 2; i < CURRENT; i++)); do
    try="\${branch:+$branch }\${words[i]}"
    case "$try" in
    ${paths.join('|')}) branch="$try" ;;
    esac
  done
  case "$prev" in
${values.join('\n')}
  esac
  case "$branch" in
${branches.join('\n')}
  esac
  if [[ "$cur" == -* ]]; then
    compadd -- $flags
  elif (( $#next )); then
    compadd -- $next
  else
    _files
  fi
}
compdef _remedyctl remedyctl
`;
}
