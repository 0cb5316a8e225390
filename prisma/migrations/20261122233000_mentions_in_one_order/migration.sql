-- As before (20261122171300_mentions); new: everybody concerned is locked in one order for all, as in mention_all. Two edits in
-- two groups, of which one names whom the other no longer does and the other way round, waited for each other in a circle.
CREATE OR REPLACE FUNCTION mentions_changed(p_message messages, p_before jsonb, p_now jsonb, p_notifying text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v record;
  v_told jsonb := '[]';
  v_new text[] := ARRAY(SELECT u.id FROM jsonb_array_elements_text(p_now) AS u(id) WHERE NOT p_before ? u.id);
BEGIN
  PERFORM 1 FROM users WHERE id = ANY (v_new || ARRAY(
    SELECT x.user_id FROM message_mentions x
    WHERE x.room_id = p_message.room_id AND x.seq = p_message.seq AND NOT p_now ? x.user_id
  )) ORDER BY id FOR NO KEY UPDATE;
  FOR v IN
    DELETE FROM message_mentions x WHERE x.room_id = p_message.room_id AND x.seq = p_message.seq AND NOT p_now ? x.user_id
    RETURNING x.user_id, x.notification_id
  LOOP
    UPDATE participants p SET unread_mentions = p.unread_mentions - 1
    WHERE p.room_id = p_message.room_id AND p.user_id = v.user_id AND p.last_read_seq < p_message.seq AND p.unread_mentions > 0;
    IF delete_notification(v.user_id, v.notification_id, p_notifying) THEN
      v_told := v_told || jsonb_build_object('userId', v.user_id, 'takenBack', v.notification_id);
    END IF;
  END LOOP;
  IF cardinality(v_new) > 0 THEN
    v_told := v_told || mention(p_message, v_new, p_notifying);
  END IF;
  RETURN v_told;
END $$;
