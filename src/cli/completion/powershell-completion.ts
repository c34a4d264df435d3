import type { CompletionTree } from './completion-tree.ts';

const list = (items: readonly string[]): string => `@(${items.map((item) => `'${item}'`).join(', ')})`;

/** A script for PowerShell 5.1 and later; add it to $PROFILE. */
export function powershellCompletion(tree: CompletionTree): string {
  const words = tree.branches.map(({ path, words: next }) => `    '${path}' = ${list(next)}`);
  const flags = tree.branches.map(({ path, flags: names }) => `    '${path}' = ${list(names)}`);
  const values = [...tree.values].map(([flag, options]) => `    '${flag}' = ${list(options)}`);
  return `# PowerShell completion of remedyctl: remedyctl autocomplete powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName remedyctl -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${words.join('\n')}
  }
  $flags = @{
${flags.join('\n')}
  }
  $values = @{
${values.join('\n')}
  }
  $path = ''
  $previous = ''
  $elements = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -ne '' -and $elements.Count -gt 0) {
    $elements = @($elements | Select-Object -First ($elements.Count - 1))
  }
  foreach ($element in $elements) {
    $next = ($path + ' ' + $element).Trim()
    if ($words.ContainsKey($next)) { $path = $next }
    $previous = $element
  }
  $candidates = if ($values.ContainsKey($previous)) { $values[$previous] }
    elseif ($wordToComplete.StartsWith('-')) { $flags[$path] }
    else { $words[$path] }
  $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
