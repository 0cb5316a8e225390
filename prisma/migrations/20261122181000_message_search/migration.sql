-- What the search looks for, beside the messages: written after they were sent, by a socket process, in batches. Without
-- foreign keys: messages are never removed one by one, and each check would lock a row of `messages`.
CREATE TABLE "message_search" (
    "message_id" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    -- The rev of the text that the words are of.
    "rev" INTEGER NOT NULL,
    -- Each word behind the mark of its room: so a room's words lie together in the index, and a word that half of all
    -- messages have costs a room no more than its own. Null: the text was edited, and its words are not known yet.
    "words" TSVECTOR,

    CONSTRAINT "message_search_pkey" PRIMARY KEY ("message_id")
);
-- Sorted in at once: a list of what is still to be sorted in would be read by every search.
CREATE INDEX "message_search_words_idx" ON "message_search" USING GIN ("words") WITH (fastupdate = off);
CREATE INDEX "message_search_newest_idx" ON "message_search" ("room_id", "created_at", "message_id");
CREATE INDEX "message_search_edited_idx" ON "message_search" ("message_id") WHERE "words" IS NULL;

-- How far the messages of a room are in there.
CREATE TABLE "search_positions" (
    "room_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,

    CONSTRAINT "search_positions_pkey" PRIMARY KEY ("room_id")
);

-- With a text its words go, in the same transaction. The row stays, so that whoever has read the text before that, to write
-- down its words, comes too late.
CREATE FUNCTION forget_words() RETURNS trigger LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO message_search (message_id, room_id, created_at, rev, words)
  VALUES (NEW.id, NEW.room_id, NEW.created_at, NEW.rev, CASE WHEN NEW.deleted_at IS NULL THEN NULL ELSE ''::tsvector END)
  ON CONFLICT (message_id) DO UPDATE SET rev = EXCLUDED.rev, words = EXCLUDED.words;
  RETURN NULL;
END $$;
CREATE TRIGGER messages_forget_words AFTER UPDATE OF message, deleted_at ON messages
  FOR EACH ROW WHEN (OLD.message IS DISTINCT FROM NEW.message) EXECUTE FUNCTION forget_words();

-- What marks the words of a room. Two rooms may have the same; whoever searches looks at the room as well.
CREATE FUNCTION search_mark(p_room text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(md5(p_room), 8);

-- The newest messages before a place that match, in rooms of this person (or in this one room, if they are in it), newest
-- first. p_pattern is a tsquery in which % stands for the room's mark.
--
-- First it walks back through the newest messages of the rooms, one stretch of time after another: what matches often is
-- found there. What is not there is rare among them, and then the index is asked, room by room. So neither costs much: a
-- common word is never asked of the index, and a rare one never walked for. Messages of other people's rooms cost nothing.
-- No plan depends on statistics: each step goes through one index.
CREATE FUNCTION search_messages(p_user text, p_room text, p_pattern text, p_before timestamptz, p_before_id text, p_limit int)
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
  WHILE v_to > v_end AND v_walked < c_walk AND v_length > '1 millisecond' LOOP
    v_from := CASE WHEN v_length > '10 years' THEN v_end ELSE greatest(v_to - v_length, v_end) END;
    WITH walked AS MATERIALIZED (
      SELECT s.* FROM unnest(v_rooms) AS mine(id)
      CROSS JOIN LATERAL (
        SELECT i.message_id, i.room_id, i.created_at, i.words FROM message_search i
        WHERE i.room_id = mine.id AND i.created_at > v_from AND i.created_at <= v_to
          AND (i.created_at, i.message_id) < (p_before, p_before_id)
        ORDER BY i.created_at DESC, i.message_id DESC LIMIT c_stretch + 1
      ) s
      LIMIT c_stretch + 1
    ), hits AS (
      SELECT w.message_id, w.created_at FROM walked w
      WHERE w.words @@ replace(p_pattern, '%', search_mark(w.room_id))::tsquery
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
    v_length := v_length * 4;
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
