-- As before; new: what is looked for in a room is put together once a room, not once a message of it, and a stretch is as
-- long as will hold what one may hold: formerly every second one held too much and was read in vain.
CREATE OR REPLACE FUNCTION search_messages(p_user text, p_room text, p_pattern text, p_before timestamptz, p_before_id text, p_limit int)
RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  c_rooms CONSTANT int := 1000; -- as many as can be walked through: those with the newest messages
  c_walk CONSTANT int := 4000; -- messages in all
  c_stretch CONSTANT int := 1000; -- and in one stretch
  v_rooms text[];
  v_queries tsquery[]; -- of each of these rooms
  v_newest timestamptz[];
  v_end timestamptz := '-infinity'; -- so far back the rooms of v_rooms have all there is
  v_from timestamptz;
  v_to timestamptz;
  v_length interval := '1 hour';
  v_walked int := 0;
  v_count int;
  v_hits text[];
  v_found text[] := '{}';
BEGIN
  SELECT array_agg(mine.room_id ORDER BY mine.created_at DESC), array_agg(mine.created_at ORDER BY mine.created_at DESC)
  INTO v_rooms, v_newest FROM (
    SELECT p.room_id, top.created_at FROM participants p
    CROSS JOIN LATERAL (
      SELECT s.created_at FROM message_search s
      WHERE s.room_id = p.room_id AND (s.created_at, s.message_id) < (p_before, p_before_id)
      ORDER BY s.created_at DESC, s.message_id DESC LIMIT 1
    ) top
    WHERE p.user_id = p_user AND (p_room IS NULL OR p.room_id = p_room)
    ORDER BY top.created_at DESC LIMIT c_rooms + 1
  ) mine;
  v_to := v_newest[1];
  IF cardinality(v_rooms) > c_rooms THEN
    v_end := v_newest[c_rooms + 1];
    v_rooms := v_rooms[:c_rooms];
  END IF;
  v_queries := ARRAY(SELECT replace(p_pattern, '%', search_mark(r.id))::tsquery FROM unnest(v_rooms) WITH ORDINALITY AS r(id, place) ORDER BY r.place);
  WHILE v_to > v_end AND v_walked < c_walk AND v_length > '1 millisecond' LOOP
    v_from := CASE WHEN v_length > '10 years' THEN v_end ELSE greatest(v_to - v_length, v_end) END;
    WITH walked AS MATERIALIZED (
      SELECT s.*, s.words @@ mine.query AS is_hit FROM unnest(v_rooms, v_queries) AS mine(id, query)
      CROSS JOIN LATERAL (
        SELECT i.message_id, i.created_at, i.words FROM message_search i
        WHERE i.room_id = mine.id AND i.created_at > v_from AND i.created_at <= v_to
          AND (i.created_at, i.message_id) < (p_before, p_before_id)
        ORDER BY i.created_at DESC, i.message_id DESC LIMIT c_stretch + 1
      ) s
      LIMIT c_stretch + 1
    ), hits AS (
      SELECT w.message_id, w.created_at FROM walked w WHERE w.is_hit
      ORDER BY w.created_at DESC, w.message_id DESC LIMIT p_limit
    )
    SELECT (SELECT count(*) FROM walked), (SELECT array_agg(h.message_id ORDER BY h.created_at DESC, h.message_id DESC) FROM hits h)
    INTO v_count, v_hits;
    IF v_count > c_stretch THEN -- more than that: which of them are the newest is not known
      v_length := v_length / 4;
      CONTINUE;
    END IF;
    v_found := v_found || v_hits;
    IF cardinality(v_found) >= p_limit THEN
      RETURN QUERY SELECT unnest(v_found[:p_limit]);
      RETURN;
    END IF;
    v_walked := v_walked + v_count;
    v_to := v_from;
    -- As long as would hold two thirds of a stretch, were it as full as this one; at most four times as long.
    v_length := v_length * least(4, 0.67 * c_stretch / greatest(v_count, 1));
  END LOOP;
  IF v_to IS NULL OR v_to = '-infinity' THEN
    RETURN QUERY SELECT unnest(v_found);
    RETURN;
  END IF;
  RETURN QUERY
  SELECT hit.message_id FROM participants p
  CROSS JOIN LATERAL (
    SELECT s.message_id, s.created_at
    -- A wall: inside of it there is no way but by the words.
    FROM (SELECT * FROM message_search i WHERE i.words @@ replace(p_pattern, '%', search_mark(p.room_id))::tsquery OFFSET 0) s
    WHERE s.room_id = p.room_id AND (s.created_at, s.message_id) < (p_before, p_before_id)
    ORDER BY s.created_at DESC, s.message_id DESC LIMIT p_limit
  ) hit
  WHERE p.user_id = p_user AND (p_room IS NULL OR p.room_id = p_room)
  ORDER BY hit.created_at DESC, hit.message_id DESC LIMIT p_limit;
END $$;
