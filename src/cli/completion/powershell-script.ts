import { completionWord } from './protocol.ts';

/** PowerShell 7, with descriptions as tool tips. Before 7.3 it drops an empty argument unless that is written as quotes. */
export const powershellScript = `# PowerShell completion of remedyctl: remedyctl completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName remedyctl -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { if ($_.PSObject.Properties['Value']) { [string]$_.Value } else { $_.Extent.Text } })
  $isOld = $PSVersionTable.PSVersion -lt [version]'7.3' -or $PSNativeCommandArgumentPassing -eq 'Legacy'
  $current = if ($wordToComplete -eq '' -and $isOld) { '""' } else { $wordToComplete }
  $out = @(& remedyctl ${completionWord} @words $current 2>$null)
  if ($out.Count -eq 0 -or $out[-1] -notmatch '^:(\\d+)$') { return }
  $directive = [int]$Matches[1]
  $flag = if ($wordToComplete -match '^--[^=]*=') { $Matches[0] } else { '' }
  $results = @($out | Select-Object -SkipLast 1 | ForEach-Object {
    $value, $about = $_ -split "\\t", 2
    if ([string]::IsNullOrEmpty($about)) { $about = $value }
    $end = if ($directive -band 2) { '' } else { ' ' }
    [System.Management.Automation.CompletionResult]::new("$flag$value$end", $value, 'ParameterValue', $about)
  })
  # nothing at all would be files
  if ($results.Count -eq 0 -and ($directive -band 4)) { return '' }
  $results
}
`;
