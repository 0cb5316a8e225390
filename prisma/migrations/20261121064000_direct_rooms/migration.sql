-- The one direct room of two people. Who comes second waits for the first's transaction and gets the same room. Whoever
-- was taken out of it does not come back by themselves: for them there is no row. Whoever is in it brings the other back,
-- with everything read; `created` is true then, too.
CREATE OR REPLACE FUNCTION get_or_create_direct_room(p_id text, p_user text, p_other text, p_origin text)
RETURNS TABLE (room_id text, created boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  pair text := least(p_user COLLATE "C", p_other COLLATE "C") || ':' || greatest(p_user COLLATE "C", p_other COLLATE "C");
  made text;
  newest int;
BEGIN
  SELECT r.id INTO made FROM rooms r WHERE r.direct_key = pair;
  IF made IS NULL THEN
    INSERT INTO rooms (id, kind, direct_key) VALUES (p_id, 'direct', pair) ON CONFLICT (direct_key) DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
      INSERT INTO participants (room_id, user_id) VALUES (made, p_user), (made, p_other);
      PERFORM announce(jsonb_build_object('type', 'room', 'roomId', made), p_origin);
      RETURN QUERY SELECT made, true;
      RETURN;
    END IF;
    SELECT r.id INTO made FROM rooms r WHERE r.direct_key = pair;
  END IF;
  IF (SELECT count(*) FROM participants p WHERE p.room_id = made) = 2 THEN
    RETURN QUERY SELECT made, false;
    RETURN;
  END IF;
  -- Looked at again under the room's lock: a removal comes before or after.
  SELECT r.last_seq INTO newest FROM rooms r WHERE r.id = made FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = made AND p.user_id = p_user) THEN
    RETURN;
  END IF;
  INSERT INTO participants (room_id, user_id, last_read_seq) VALUES (made, p_other, newest) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN QUERY SELECT made, false;
    RETURN;
  END IF;
  UPDATE rooms SET changed_at = clock_timestamp() WHERE id = made;
  PERFORM announce(jsonb_build_object('type', 'room', 'roomId', made), p_origin);
  RETURN QUERY SELECT made, true;
END $$;
DROP FUNCTION restore_direct_members(text, text, text, text);
