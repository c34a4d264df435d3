/** Which SQLite the store, and the journal of plans, are on. */
export { sqliteInUse } from '../sqlite/sqlite.ts';
