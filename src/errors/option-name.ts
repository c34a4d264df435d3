let spell = (option: string): string => `\`${option}\``;

/**
 * An option of a call as a text names it, such as the hint of an error: by its field (`skipScopeCheck`), or in the words
 * of the program around the library (the command line says `--skip-scope-check`).
 */
export function optionName(field: string): string {
  return spell(field);
}

/** From now on texts of this process name options so; for a program that has words of its own for them. */
export function nameOptions(by: (field: string) => string): void {
  spell = by;
}
