-- Who reacted to a message with what.
CREATE TABLE "message_reactions" (
    "message_id" TEXT NOT NULL,
    "emoji" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_reactions_pkey" PRIMARY KEY ("message_id", "emoji", "user_id")
);
CREATE INDEX "message_reactions_user_id_idx" ON "message_reactions"("user_id");
ALTER TABLE "message_reactions" ADD CONSTRAINT "message_reactions_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "messages"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "message_reactions" ADD CONSTRAINT "message_reactions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Puts a reaction to a message, or takes it back. Under the room's lock. `message` is the message as it is afterwards, with
-- its new rev when `changed`; what was carried out under this client id before, and what is so already, changes nothing.
--   not_found  no such message, or not a member of its room
--   forbidden  it tells of a change of the group
--   deleted    the message was deleted
--   conflict   the client id was used for another message, or to do something else to it
--   full       it has p_most different ones
CREATE FUNCTION set_reaction(p_id text, p_user text, p_emoji text, p_on boolean, p_client text, p_most int, p_origin text)
RETURNS TABLE (outcome text, changed boolean, message jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as((SELECT m.room_id FROM messages m WHERE m.id = p_id), p_user);
  v_message messages;
  v_did text := 'react ' || p_on || ' ' || p_emoji;
  v_known boolean;
  v_outcome text;
  v_is_on boolean;
  v_entry jsonb;
  v_reactions jsonb;
BEGIN
  IF v_role IS NULL THEN
    RETURN QUERY SELECT 'not_found', false, NULL::jsonb;
    RETURN;
  END IF;
  SELECT m.* INTO v_message FROM messages m WHERE m.id = p_id;
  v_reactions := coalesce(v_message.reactions, '[]');
  SELECT w.message_id = p_id AND w.did = v_did INTO v_known FROM message_writes w WHERE w.user_id = p_user AND w.client_id = p_client;
  IF v_known IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_known THEN 'done' ELSE 'conflict' END, false, to_jsonb(v_message);
    RETURN;
  END IF;
  v_is_on := EXISTS (SELECT 1 FROM message_reactions x WHERE x.message_id = p_id AND x.emoji = p_emoji AND x.user_id = p_user);
  v_outcome := CASE
    WHEN v_message.system IS NOT NULL THEN 'forbidden'
    WHEN v_message.deleted_at IS NOT NULL THEN 'deleted'
    WHEN p_on AND NOT v_is_on AND jsonb_array_length(v_reactions) >= p_most
      AND NOT v_reactions @> jsonb_build_array(jsonb_build_object('emoji', p_emoji)) THEN 'full'
    ELSE 'done'
  END;
  IF v_outcome <> 'done' THEN
    RETURN QUERY SELECT v_outcome, false, NULL::jsonb;
    RETURN;
  END IF;
  IF p_client IS NOT NULL THEN
    INSERT INTO message_writes (user_id, client_id, message_id, did) VALUES (p_user, p_client, p_id, v_did) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN -- for a message of another room, at this very moment
      RETURN QUERY SELECT 'conflict', false, NULL::jsonb;
      RETURN;
    END IF;
  END IF;
  IF v_is_on = p_on THEN
    RETURN QUERY SELECT 'done', false, to_jsonb(v_message);
    RETURN;
  END IF;
  IF p_on THEN
    INSERT INTO message_reactions (message_id, emoji, user_id, created_at) VALUES (p_id, p_emoji, p_user, clock_timestamp());
  ELSE
    DELETE FROM message_reactions x WHERE x.message_id = p_id AND x.emoji = p_emoji AND x.user_id = p_user;
  END IF;
  -- This emoji anew; null when nobody uses it any more. The others stay as they are.
  SELECT CASE WHEN count(*) > 0 THEN jsonb_build_object('emoji', p_emoji, 'count', count(*),
    'userIds', to_jsonb((array_agg(x.user_id ORDER BY x.created_at, x.user_id))[1:20])) END
  INTO v_entry FROM message_reactions x WHERE x.message_id = p_id AND x.emoji = p_emoji;
  IF v_reactions @> jsonb_build_array(jsonb_build_object('emoji', p_emoji)) THEN
    SELECT coalesce(jsonb_agg(y.entry ORDER BY y.ord), '[]') INTO v_reactions FROM (
      SELECT CASE WHEN e.entry ->> 'emoji' = p_emoji THEN v_entry ELSE e.entry END AS entry, e.ord
      FROM jsonb_array_elements(v_reactions) WITH ORDINALITY AS e(entry, ord)
    ) y WHERE y.entry IS NOT NULL;
  ELSE
    v_reactions := v_reactions || v_entry;
  END IF;
  WITH moved AS (
    UPDATE rooms r SET last_rev = r.last_rev + 1, changed_at = clock_timestamp() WHERE r.id = v_message.room_id RETURNING r.last_rev
  )
  UPDATE messages m SET rev = moved.last_rev, reactions = nullif(v_reactions, '[]'), changed_at = clock_timestamp()
  FROM moved WHERE m.id = p_id
  RETURNING m.* INTO v_message;
  PERFORM announce(jsonb_build_object('type', 'messages', 'rooms',
    jsonb_build_array(jsonb_build_array(v_message.room_id, v_message.rev, v_message.rev))), p_origin);
  RETURN QUERY SELECT 'done', true, to_jsonb(v_message);
END $$;

-- Gives a message another text, or deletes it (p_text is null): then its text is gone from the table, and the reactions with it. Under the room's lock:
-- of two changes at the same moment the later one holds. `message` is the message as it is afterwards, with its new rev when
-- `changed`. What was carried out under this client id before, and what is so already, changes nothing.
--   not_found  no such message, or not a member of its room
--   forbidden  somebody else's (owners and admins of a group may delete it), or one that tells of a change of the group
--   deleted    there is nothing left to edit
--   conflict   the client id was used for another message, or to do something else to it
CREATE FUNCTION change_message(p_id text, p_user text, p_text text, p_client text, p_origin text)
RETURNS TABLE (outcome text, changed boolean, message jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as((SELECT m.room_id FROM messages m WHERE m.id = p_id), p_user);
  v_message messages;
  v_did text := CASE WHEN p_text IS NULL THEN 'delete' ELSE 'edit ' || md5(p_text) END;
  v_known boolean;
  v_outcome text;
BEGIN
  IF v_role IS NULL THEN
    RETURN QUERY SELECT 'not_found', false, NULL::jsonb;
    RETURN;
  END IF;
  SELECT m.* INTO v_message FROM messages m WHERE m.id = p_id;
  SELECT w.message_id = p_id AND w.did = v_did INTO v_known FROM message_writes w WHERE w.user_id = p_user AND w.client_id = p_client;
  IF v_known IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_known THEN 'done' ELSE 'conflict' END, false, to_jsonb(v_message);
    RETURN;
  END IF;
  v_outcome := CASE
    WHEN v_message.system IS NOT NULL THEN 'forbidden'
    WHEN v_message.sender_id <> p_user AND (p_text IS NOT NULL OR v_role NOT IN ('owner', 'admin')) THEN 'forbidden'
    WHEN v_message.deleted_at IS NOT NULL AND p_text IS NOT NULL THEN 'deleted'
    ELSE 'done'
  END;
  IF v_outcome <> 'done' THEN
    RETURN QUERY SELECT v_outcome, false, NULL::jsonb;
    RETURN;
  END IF;
  IF p_client IS NOT NULL THEN
    INSERT INTO message_writes (user_id, client_id, message_id, did) VALUES (p_user, p_client, p_id, v_did) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN -- for a message of another room, at this very moment
      RETURN QUERY SELECT 'conflict', false, NULL::jsonb;
      RETURN;
    END IF;
  END IF;
  IF v_message.message = p_text OR v_message.deleted_at IS NOT NULL THEN
    RETURN QUERY SELECT 'done', false, to_jsonb(v_message);
    RETURN;
  END IF;
  WITH moved AS (
    UPDATE rooms r SET last_rev = r.last_rev + 1, changed_at = clock_timestamp() WHERE r.id = v_message.room_id RETURNING r.last_rev
  )
  UPDATE messages m SET
    rev = moved.last_rev,
    message = coalesce(p_text, ''),
    edited_at = CASE WHEN p_text IS NULL THEN m.edited_at ELSE clock_timestamp() END,
    deleted_at = CASE WHEN p_text IS NULL THEN clock_timestamp() END,
    reactions = CASE WHEN p_text IS NULL THEN NULL ELSE m.reactions END,
    changed_at = clock_timestamp()
  FROM moved WHERE m.id = p_id
  RETURNING m.* INTO v_message;
  IF p_text IS NULL THEN
    DELETE FROM message_reactions x WHERE x.message_id = p_id;
  END IF;
  PERFORM announce(jsonb_build_object('type', 'messages', 'rooms',
    jsonb_build_array(jsonb_build_array(v_message.room_id, v_message.rev, v_message.rev))), p_origin);
  RETURN QUERY SELECT 'done', true, to_jsonb(v_message);
END $$;

-- The group commit, as before (20261122030000_one_row_a_batch says what it answers); new: a message that was stored before
-- comes with its reactions.
CREATE OR REPLACE FUNCTION insert_messages_batch(p_id text[], p_room text[], p_sender text[], p_client text[], p_body text[], p_origin text)
RETURNS TABLE (at text, seqs int[], revs int[], others json, met json)
LANGUAGE plpgsql VOLATILE
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  v_at timestamptz(3);
BEGIN
  -- Every process locks in the same order, so none waits in a circle. NO KEY: foreign-key checks need not wait for us.
  PERFORM 1 FROM rooms WHERE id = ANY (p_room) ORDER BY id FOR NO KEY UPDATE;
  v_at := clock_timestamp();

  -- A statement of its own: its snapshot is taken after the locks are held and sees all that committed meanwhile.
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT a.*, p.last_read_seq, p.has_written,
      x.id IS NULL AND p.last_read_seq IS NOT NULL
        AND row_number() OVER (PARTITION BY a.sender_id, a.client_id ORDER BY p.last_read_seq IS NULL, a.ord) = 1 AS is_new
    FROM unnest(p_id, p_room, p_sender, p_client, p_body) WITH ORDINALITY AS a(id, room_id, sender_id, client_id, message, ord)
    LEFT JOIN LATERAL (SELECT m.id FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1) x ON true
    LEFT JOIN LATERAL (SELECT q.last_read_seq, q.has_written FROM participants q WHERE q.room_id = a.room_id AND q.user_id = a.sender_id LIMIT 1) p ON true
  ), numbered AS MATERIALIZED (
    SELECT f.*, r.kind, r.last_rev, r.last_seq + f.n AS seq, r.last_rev + f.n AS rev
    FROM (SELECT a.*, (row_number() OVER (PARTITION BY a.room_id ORDER BY a.ord))::int AS n FROM asked a WHERE a.is_new) f
    CROSS JOIN LATERAL (SELECT q.kind, q.last_seq, q.last_rev FROM rooms q WHERE q.id = f.room_id LIMIT 1) r
  ), inserted AS (
    INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
    SELECT id, room_id, seq, rev, sender_id, client_id, message, v_at
    FROM numbered
    ORDER BY sender_id, client_id -- unique-index waits, too, in one order for all
  ), counted AS MATERIALIZED (
    SELECT room_id, max(n) AS n, min(last_rev) + 1 AS from_rev, max(rev) AS to_rev FROM numbered GROUP BY room_id
  ), moved AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.n, last_rev = r.last_rev + c.n, updated_at = v_at, changed_at = v_at
    FROM counted c WHERE r.id = ANY (ARRAY[c.room_id])
  ), sent AS (
    SELECT room_id, sender_id, max(seq) AS highest, count(*)::int AS n,
      min(last_read_seq) = min(seq) - 1 AND max(n) - min(n) + 1 = count(*) AS had_read_all
    FROM numbered GROUP BY room_id, sender_id
  ), own AS (
    -- Who had read everything before has read their own message too; who had not has one more of their own after it.
    UPDATE participants p SET
      last_read_seq = CASE WHEN s.had_read_all THEN s.highest ELSE p.last_read_seq END,
      own_unread = CASE WHEN s.had_read_all THEN 0 ELSE p.own_unread + s.n END,
      has_written = true
    FROM sent s WHERE p.room_id = ANY (ARRAY[s.room_id]) AND p.user_id = ANY (ARRAY[s.sender_id])
  ), acquainted AS MATERIALIZED (
    -- Whose first message in a direct room this is, while the other has written before, or does in this very batch.
    SELECT n.sender_id, q.user_id AS partner_id, min(n.ord) AS ord
    FROM numbered n
    CROSS JOIN LATERAL (SELECT p.user_id, p.has_written FROM participants p WHERE p.room_id = n.room_id AND p.user_id <> n.sender_id LIMIT 1) q
    WHERE NOT n.has_written AND n.kind = 'direct'
      AND (q.has_written OR EXISTS (SELECT 1 FROM numbered o WHERE o.room_id = n.room_id AND o.sender_id = q.user_id))
    GROUP BY n.sender_id, q.user_id
  ), portions AS (
    -- A NOTIFY must stay below 8,000 bytes: as many rooms as have 7,000 between them, and the last may reach over that.
    SELECT jsonb_agg(room_range) AS rooms
    FROM (
      SELECT room_range, sum(octet_length(room_range::text) + 2) OVER (ROWS UNBOUNDED PRECEDING) / 7000 AS portion
      FROM (SELECT jsonb_build_array(room_id, from_rev, to_rev) AS room_range FROM counted WHERE p_origin IS NOT NULL) c
    ) measured
    GROUP BY portion
  ), announced AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'messages', 'rooms', rooms), p_origin) FROM portions
    UNION ALL
    SELECT announce(jsonb_build_object('type', 'acquainted', 'userIds', jsonb_build_array(sender_id, partner_id)), p_origin) FROM acquainted
  ), other AS (
    SELECT json_agg(json_build_object(
        'ord', a.ord,
        'outcome', CASE
          WHEN k.id IS NULL THEN 'not_found'
          WHEN k.room_id = a.room_id AND (k.message = a.message OR k.edited_at IS NOT NULL OR k.deleted_at IS NOT NULL) THEN 'duplicate'
          ELSE 'conflict'
        END,
        'id', k.id, 'seq', k.seq, 'rev', k.rev, 'message', k.message,
        'created_at', utc_iso(k.created_at), 'edited_at', utc_iso(k.edited_at), 'deleted_at', utc_iso(k.deleted_at),
        'reactions', k.reactions)) AS list
    FROM (SELECT * FROM asked WHERE NOT is_new) a
    LEFT JOIN LATERAL (
      (SELECT m.id, m.room_id, m.seq, m.rev, m.message, m.created_at, m.edited_at, m.deleted_at, m.reactions
       FROM messages m WHERE m.sender_id = a.sender_id AND m.client_id = a.client_id LIMIT 1)
      UNION ALL
      SELECT f.id, f.room_id, f.seq, f.rev, f.message, v_at, NULL, NULL, NULL
      FROM numbered f WHERE f.sender_id = a.sender_id AND f.client_id = a.client_id
      LIMIT 1
    ) k ON true
  )
  SELECT utc_iso(v_at), places.seqs, places.revs, (SELECT list FROM other),
    (SELECT json_agg(json_build_array(ord, partner_id)) FROM acquainted)
  FROM (
    SELECT array_agg(coalesce(f.seq, 0) ORDER BY a.ord) AS seqs, array_agg(coalesce(f.rev, 0) ORDER BY a.ord) AS revs
    FROM asked a LEFT JOIN numbered f ON f.ord = a.ord
  ) places
  -- A CTE that nobody reads is not run: hence the cross join.
  CROSS JOIN (SELECT count(*) FROM announced) AS run_announced;
END $$;
