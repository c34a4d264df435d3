/** What is installed beside remedyctl for its embedded store: nothing where Node has SQLite built in. */
export const sqlitePackages: readonly string[] =
  process.getBuiltinModule('node:sqlite') === undefined ? ['@photostructure/sqlite@1'] : [];
