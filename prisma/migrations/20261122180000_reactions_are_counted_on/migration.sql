-- As before (20261122154000_reactions), and whoever reacts costs the same however many did so before: what the message says
-- of the emoji is counted on, not counted anew.
--
-- Puts a reaction to a message, or takes it back. Under the room's lock. `message` is the message as it is afterwards, with
-- its new rev when `changed`; what was carried out under this client id before, and what is so already, changes nothing.
--   not_found  no such message, or not a member of its room
--   forbidden  it tells of a change of the group
--   deleted    the message was deleted
--   conflict   the client id was used for another message, or to do something else to it
--   full       it has p_most different ones
CREATE OR REPLACE FUNCTION set_reaction(p_id text, p_user text, p_emoji text, p_on boolean, p_client text, p_most int, p_origin text)
RETURNS TABLE (outcome text, changed boolean, message jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as((SELECT m.room_id FROM messages m WHERE m.id = p_id), p_user);
  v_message messages;
  v_did text := 'react ' || p_on || ' ' || p_emoji;
  v_known boolean;
  v_outcome text;
  v_is_on boolean;
  v_count int;
  v_who jsonb;
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
  SELECT coalesce((e.entry ->> 'count')::int, 0), e.entry -> 'userIds' INTO v_count, v_who
  FROM jsonb_array_elements(v_reactions) AS e(entry) WHERE e.entry ->> 'emoji' = p_emoji;
  v_count := coalesce(v_count, 0) + CASE WHEN p_on THEN 1 ELSE -1 END;
  v_who := coalesce(v_who, '[]');
  IF p_on THEN
    INSERT INTO message_reactions (message_id, emoji, user_id, created_at) VALUES (p_id, p_emoji, p_user, clock_timestamp());
    IF jsonb_array_length(v_who) < 20 THEN
      v_who := v_who || to_jsonb(p_user);
    END IF;
  ELSE
    DELETE FROM message_reactions x WHERE x.message_id = p_id AND x.emoji = p_emoji AND x.user_id = p_user;
    IF v_who @> to_jsonb(p_user) AND v_count >= 20 THEN -- the next in time is named instead
      v_who := v_who || coalesce((
        SELECT to_jsonb(x.user_id) FROM message_reactions x
        WHERE x.message_id = p_id AND x.emoji = p_emoji AND NOT v_who @> to_jsonb(x.user_id)
        ORDER BY x.created_at, x.user_id LIMIT 1
      ), '[]');
    END IF;
    v_who := v_who - p_user;
  END IF;
  v_entry := CASE WHEN v_count > 0 THEN jsonb_build_object('emoji', p_emoji, 'count', v_count, 'userIds', v_who) END;
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
