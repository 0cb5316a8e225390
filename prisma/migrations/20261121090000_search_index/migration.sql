-- The people search goes through indexes, however many people there are.

-- Names by their beginning, in the order of their bytes: a range that needs no statistics.
CREATE INDEX "users_name_start_idx" ON "users" (lower("name") COLLATE "C", "id");

-- Names by any part of them. pg_trgm comes with PostgreSQL and is trusted: whoever may CREATE in this database may make it.
-- Where that is not allowed, or the package with the extension is missing, people are found all the same, and slower.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'The people search has no index for the middle of names, and reads all names: %. Once an administrator ran CREATE EXTENSION pg_trgm in this database, run SELECT index_names();', SQLERRM;
END $$;

-- Makes that index where pg_trgm is there; true when it exists afterwards. Found by its operator class, since an extension
-- may live in any schema. A row of users changes with every notification and every sign of life, and each new version of it
-- enters all indexes: hence its list of what is still to be sorted in (fastupdate, PostgreSQL's default). Without it notifying
-- 10,000 people took ten times as long.
CREATE FUNCTION index_names() RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  place text := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm');
BEGIN
  IF place IS NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE INDEX IF NOT EXISTS users_name_parts_idx ON users USING gin (lower(name) %I.gin_trgm_ops)', place);
  RETURN true;
END $$;
SELECT index_names();

-- People whose name contains the text, or whose address it is: first those whose name begins with it, then the others, each
-- by name, at most p_limit. What it costs does not grow with what matches: of names with the text in the middle no more
-- than 200 are looked at, so of very many the answer is some. One or two characters hold no trigram: they are looked for at
-- the beginning of a name and of its words.
-- No plan of it may read the whole table for want of statistics, hence the settings.
CREATE FUNCTION find_people(p_query text, p_except text, p_limit int)
RETURNS TABLE (id text, name text, avatar_image text)
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
  wanted text := lower(p_query);
  inside text := regexp_replace(wanted, '([\\%_])', '\\\1', 'g');
BEGIN
  IF wanted = '' THEN
    RETURN QUERY SELECT u.id, u.name, u.avatar_image FROM users u WHERE u.id <> p_except ORDER BY u.name, u.id LIMIT p_limit;
    RETURN;
  END IF;
  inside := CASE WHEN char_length(wanted) < 3 THEN '% ' ELSE '%' END || inside || '%';
  RETURN QUERY
  WITH beginning AS MATERIALIZED (
    SELECT u.id, u.name, u.avatar_image FROM users u
    WHERE lower(u.name) COLLATE "C" >= wanted AND lower(u.name) COLLATE "C" < wanted || chr(1114111) AND u.id <> p_except
    ORDER BY lower(u.name) COLLATE "C", u.id LIMIT p_limit
  ), addressed AS MATERIALIZED (
    SELECT u.id, u.name, u.avatar_image FROM users u WHERE u.email = wanted AND u.id <> p_except
  ), holding AS MATERIALIZED (
    SELECT u.id, u.name, u.avatar_image FROM users u WHERE lower(u.name) LIKE inside AND u.id <> p_except LIMIT 200
  ), found AS (
    SELECT *, 1 AS place FROM addressed
    UNION ALL SELECT *, 1 FROM beginning
    UNION ALL SELECT *, 2 FROM holding
  )
  SELECT f.id, f.name, f.avatar_image
  FROM (SELECT id, name, avatar_image, min(place) AS place FROM found GROUP BY id, name, avatar_image) f
  ORDER BY f.place, f.name, f.id LIMIT p_limit;
END $$;
