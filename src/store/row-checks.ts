/** For `damagesOf`: what every row of the store's tables is, whoever wrote it. */

/** A text of an object that is missing stands for nothing there: null, not a damage. */
function notAnObject(text: string, { ns, name }: { ns: string; name: string }): string {
  // of what is no JSON nothing can be extracted
  return `CASE WHEN typeof(${text}) <> 'text' OR NOT json_valid(${text}) THEN 1
    ELSE json_extract(${text}, '$.metadata.name') IS NOT ${name}
      OR typeof(json_extract(${text}, '$.kind')) IS NOT 'text'
      OR ifnull(json_extract(${text}, '$.metadata.namespace'), '') IS NOT ${ns} END`;
}

const own = { ns: 'ns', name: 'name' };
/** More is no number of JavaScript, and none that the store has ever given out. */
const largestVersion = Number.MAX_SAFE_INTEGER;

export const storeRowChecks: readonly string[] = [
  `SELECT 'the object ' || res || ' ' || ns || '/' || name || ' is not what was written' AS damage FROM obj
   WHERE typeof(rv) <> 'integer' OR rv NOT BETWEEN 1 AND ${largestVersion} OR ${notAnObject('body', own)}
     OR json_extract(body, '$.metadata.resourceVersion') IS NOT CAST(rv AS TEXT)`,
  `SELECT 'the change ' || rv || ' of the history is not what was written' AS damage FROM log
   WHERE rv NOT BETWEEN 1 AND ${largestVersion} OR type NOT IN ('ADDED', 'MODIFIED', 'DELETED')
     OR (type = 'ADDED') IS NOT (before IS NULL) OR (type = 'DELETED') IS NOT (after IS NOT NULL)
     OR (before IS NOT NULL AND ${notAnObject('before', own)})
     OR (after IS NOT NULL AND ${notAnObject('after', own)})`,
  `SELECT 'the number of the last change is not what was written' AS damage
   WHERE (SELECT ifnull(max(rv), 0) FROM log) > ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'log'), 0)
      OR (SELECT ifnull(max(rv), 0) FROM obj) > ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'log'), 0)
      OR typeof((SELECT value FROM setting WHERE key = 'floor')) <> 'integer'
      OR (SELECT value FROM setting WHERE key = 'floor')
        > ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'log'), 0)`,
];
