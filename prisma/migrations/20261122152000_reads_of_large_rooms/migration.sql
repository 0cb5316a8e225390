-- As before; in a room of more than 100 it is one's own concern: announced so (`toReader`), and counted for oneself alone.
CREATE OR REPLACE FUNCTION mark_messages_read(p_room text, p_user text, p_up_to int, p_origin text)
RETURNS TABLE (changed boolean, count int, last_read_seq int)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  newest int;
  members int;
  target int;
  seen int;
  own_before int;
  own_after int;
  newly_read int;
BEGIN
  SELECT r.last_seq, r.member_count INTO newest, members FROM rooms r WHERE r.id = p_room FOR NO KEY UPDATE;
  SELECT p.last_read_seq, p.own_unread INTO seen, own_before FROM participants p WHERE p.room_id = p_room AND p.user_id = p_user;
  IF seen IS NULL THEN
    RETURN;
  END IF;
  target := least(coalesce(p_up_to, newest), newest);
  IF target <= seen THEN
    RETURN QUERY SELECT false, 0, seen;
    RETURN;
  END IF;
  SELECT count(*)::int INTO own_after FROM messages m WHERE m.room_id = p_room AND m.seq > target AND m.sender_id = p_user;
  newly_read := (target - seen) - (own_before - own_after);
  UPDATE participants p SET last_read_seq = target, own_unread = own_after WHERE p.room_id = p_room AND p.user_id = p_user;
  IF members > 100 THEN
    UPDATE participants p SET own_rev = p.own_rev + 1, own_changed_at = clock_timestamp() WHERE p.room_id = p_room AND p.user_id = p_user;
  ELSE
    UPDATE rooms r SET read_rev = r.read_rev + 1, changed_at = clock_timestamp() WHERE r.id = p_room;
  END IF;
  PERFORM announce(jsonb_build_object('type', 'read', 'roomId', p_room, 'userId', p_user, 'count', newly_read, 'lastReadSeq', target)
    || CASE WHEN members > 100 THEN '{"toReader": true}' ELSE '{}' END::jsonb, p_origin);
  RETURN QUERY SELECT true, newly_read, target;
END $$;
