import { completionWord } from './protocol.ts';

/** fish 3 and later, with descriptions. */
export const fishScript = `# fish completion of remedyctl: remedyctl completion fish | source
function __remedyctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string replace -r '^["\\']' '' | string collect)
    set -l out (command remedyctl ${completionWord} $words[2..-1] "$current" 2>/dev/null)
    set -l directive (string match -r -g '^:([0-9]+)$' -- $out[-1])
    or return
    set -l flag (string match -r -- '^--[^=]*=' "$current")
    set -l path (string replace -r -- '^--[^=]*=' '' "$current")
    set -l candidates $out[1..-2]
    if test (math "floor($directive / 16) % 2") -eq 1
        set -a candidates (__fish_complete_directories "$path")
    else if test (math "floor($directive / 4) % 2") -eq 0
        set -a candidates (__fish_complete_path "$path")
    end
    for candidate in $candidates
        printf '%s%s\\n' "$flag" "$candidate"
    end
end
complete -c remedyctl -f -a '(__remedyctl_complete)'
`;
