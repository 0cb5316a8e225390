-- `mark_messages_read` of many at once, one row for each who is a member; `ord`: its place, from 1. All rooms are locked first
-- and in the order in which batches of messages lock them, then what belongs to people in theirs, so that none waits in a
-- circle. Of several rooms no lock is waited for long: meanwhile nobody could write in the others.
CREATE FUNCTION mark_messages_read_batch(p_rooms text[], p_users text[], p_up_to int[], p_origin text, p_notifying text)
RETURNS TABLE (ord int, changed boolean, count int, last_read_seq int, notification_ids text[], to_reader boolean)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF p_rooms[1] <> ANY (p_rooms) THEN
    SET LOCAL lock_timeout = '300ms';
  END IF;
  PERFORM 1 FROM rooms WHERE id = ANY (p_rooms) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  SELECT q.ord::int, r.changed, r.count, r.last_read_seq, r.notification_ids, r.to_reader
  FROM (
    SELECT * FROM unnest(p_rooms, p_users, p_up_to) WITH ORDINALITY AS a(room, person, up_to, ord) ORDER BY person, room, a.ord
  ) q
  CROSS JOIN LATERAL mark_messages_read(q.room, q.person, q.up_to, p_origin, p_notifying) r;
END $$;
