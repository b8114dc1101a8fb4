-- `FROM changes_since('2026-01-01')`: the last change of every public row after a moment.
CREATE OR REPLACE MACRO changes_since(moment) AS TABLE
SELECT table_name, key, arg_max(change, changed_at) AS change, max(changed_at) AS changed_at
FROM change_log WHERE changed_at > moment::TIMESTAMP
GROUP BY table_name, key ORDER BY changed_at, table_name, key;
COMMENT ON MACRO TABLE changes_since IS 'The last change of every public row after a moment';
