-- What the search looks for, beside the messages: written after they were sent, by a socket process, in batches.
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
CREATE INDEX "message_search_newest_idx" ON "message_search" ("created_at", "message_id");
CREATE INDEX "message_search_edited_idx" ON "message_search" ("message_id") WHERE "words" IS NULL;
ALTER TABLE "message_search" ADD CONSTRAINT "message_search_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- How far the messages of a room are in there.
CREATE TABLE "search_positions" (
    "room_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,

    CONSTRAINT "search_positions_pkey" PRIMARY KEY ("room_id")
);
ALTER TABLE "search_positions" ADD CONSTRAINT "search_positions_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

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
-- First it walks back through the newest messages of all rooms: what matches often is found there. What is not there is
-- rare among one's own messages, and then the index is asked, room by room. So neither costs much: a common word is never
-- asked of the index, and a rare one never walked for. No plan depends on statistics: each step goes through one index.
CREATE FUNCTION search_messages(p_user text, p_room text, p_pattern text, p_before timestamptz, p_before_id text, p_limit int)
RETURNS SETOF text
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  c_walk CONSTANT int := 4000;
  v_walked int;
  v_found text[];
BEGIN
  WITH walked AS MATERIALIZED (
    SELECT s.message_id, s.room_id, s.created_at, s.words FROM message_search s
    WHERE (s.created_at, s.message_id) < (p_before, p_before_id)
    ORDER BY s.created_at DESC, s.message_id DESC LIMIT c_walk
  ), hits AS (
    SELECT w.message_id, w.created_at FROM walked w
    CROSS JOIN LATERAL (SELECT FROM participants p WHERE p.room_id = w.room_id AND p.user_id = p_user LIMIT 1) me
    WHERE (p_room IS NULL OR w.room_id = p_room) AND w.words @@ replace(p_pattern, '%', search_mark(w.room_id))::tsquery
    ORDER BY w.created_at DESC, w.message_id DESC LIMIT p_limit
  )
  SELECT (SELECT count(*) FROM walked), (SELECT array_agg(h.message_id ORDER BY h.created_at DESC, h.message_id DESC) FROM hits h)
  INTO v_walked, v_found;
  IF v_walked < c_walk OR cardinality(v_found) >= p_limit THEN
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
