import { completionWord } from './protocol.ts';

/**
 * bash 4 and later, without the package bash-completion. bash breaks words at `=`, `:` and `@`: they are put together
 * again where nothing stood between them, and of a candidate only what comes behind the last break is given back; an
 * `@` there belongs to what is replaced (readline's rl_special_prefixes).
 */
export const bashScript = `# bash completion of remedyctl: source <(remedyctl completion bash)
_remedyctl() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() word gap i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=\${line#"\${line%%[![:space:]]*}"}
    gap=$((\${#line} - \${#word}))
    line=$word
    ((i < COMP_CWORD)) && word=\${COMP_WORDS[i]}
    line=\${line#"$word"}
    if ((i == 0 || gap > 0)); then words+=("$word"); else words[\${#words[@]} - 1]+=$word; fi
  done
  local cur=\${words[\${#words[@]} - 1]#[\\"\\']} out directive
  words=("\${words[@]:1:\${#words[@]} - 2}")
  words=("\${words[@]//[\\"\\'\\\\]/}")
  COMPREPLY=()
  mapfile -t out < <(command remedyctl ${completionWord} "\${words[@]}" "$cur" 2>/dev/null)
  ((\${#out[@]} > 0)) || return 0
  directive=\${out[\${#out[@]} - 1]#:}
  unset "out[\${#out[@]} - 1]"
  [[ $directive == +([0-9]) ]] || return 0
  local flag='' broken=\${cur%"\${cur##*[$COMP_WORDBREAKS]}"} candidate
  broken=\${broken%@}
  [[ $cur == --*=* ]] && flag=\${cur%%=*}=
  for candidate in "\${out[@]}"; do
    candidate=$flag\${candidate%%$'\\t'*}
    COMPREPLY+=("\${candidate#"$broken"}")
  done
  ((directive & 2)) && compopt -o nospace
  ((directive & 4)) && return 0
  if ((directive & 16)); then
    compopt -o dirnames
  elif ((\${#COMPREPLY[@]} == 0)); then
    compopt -o default
  else
    compopt -o filenames
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "\${cur#"$broken"}")
  fi
  return 0
}
complete -F _remedyctl remedyctl
`;
