-- As before, without accounts that are disabled: what is written to them nobody reads.
CREATE OR REPLACE FUNCTION find_people(p_query text, p_except text, p_limit int)
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
    RETURN QUERY SELECT u.id, u.name, u.avatar_image FROM users u WHERE u.id <> p_except AND u.disabled_at IS NULL ORDER BY u.name, u.id LIMIT p_limit;
    RETURN;
  END IF;
  inside := CASE WHEN char_length(wanted) < 3 THEN '% ' ELSE '%' END || inside || '%';
  RETURN QUERY
  WITH beginning AS MATERIALIZED (
    SELECT u.id, u.name, u.avatar_image FROM users u
    WHERE lower(u.name) COLLATE "C" >= wanted AND lower(u.name) COLLATE "C" < wanted || chr(1114111) AND u.id <> p_except AND u.disabled_at IS NULL
    ORDER BY lower(u.name) COLLATE "C", u.id LIMIT p_limit
  ), addressed AS MATERIALIZED (
    SELECT u.id, u.name, u.avatar_image FROM users u WHERE u.email = wanted AND u.id <> p_except AND u.disabled_at IS NULL
  ), holding AS MATERIALIZED (
    SELECT u.id, u.name, u.avatar_image FROM users u WHERE lower(u.name) LIKE inside AND u.id <> p_except AND u.disabled_at IS NULL LIMIT 200
  ), found AS (
    SELECT *, 1 AS place FROM addressed
    UNION ALL SELECT *, 1 FROM beginning
    UNION ALL SELECT *, 2 FROM holding
  )
  SELECT f.id, f.name, f.avatar_image
  FROM (SELECT id, name, avatar_image, min(place) AS place FROM found GROUP BY id, name, avatar_image) f
  ORDER BY f.place, f.name, f.id LIMIT p_limit;
END $$;
