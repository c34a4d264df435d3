import { completionWord } from './protocol.ts';

/** zsh 5 and later, with descriptions; sourced, or as a file `_remedyctl` in `$fpath`. */
export const zshScript = `#compdef remedyctl
# zsh completion of remedyctl: source <(remedyctl completion zsh)
_remedyctl() {
  local -a out candidates options
  local directive line value about
  out=("\${(@f)$(command remedyctl ${completionWord} "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}")
  directive=\${out[-1]#:}
  [[ $directive == <-> ]] || return 1
  out[-1]=()
  [[ $PREFIX == --*=* ]] && compset -P '*='
  for line in "\${out[@]}"; do
    value=\${line%%$'\\t'*}
    about=\${line#*$'\\t'}
    [[ $line == *$'\\t'* ]] || about=
    candidates+=("\${value//:/\\\\:}\${about:+:$about}")
  done
  ((directive & 2)) && options=(-S '')
  local found=1
  ((\${#candidates} > 0)) && _describe -t remedyctl remedyctl candidates "\${options[@]}" && found=0
  if ((directive & 16)); then
    _files -/ && found=0
  elif ! ((directive & 4)); then
    _files && found=0
  fi
  return found
}
if [ "$funcstack[1]" = _remedyctl ]; then
  _remedyctl "$@"
else
  (($+functions[compdef])) || { autoload -Uz compinit && compinit; }
  compdef _remedyctl remedyctl
fi
`;
