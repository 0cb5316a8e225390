-- A room that nobody sees: what an administrator's test message travels through. Its key is the person's id behind a word
-- and a space, which no pair of ids can be.
ALTER TABLE "rooms" DROP CONSTRAINT "rooms_kind_check";
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_kind_check" CHECK (("kind" IN ('direct', 'canary') AND "direct_key" IS NOT NULL) OR ("kind" = 'group' AND "direct_key" IS NULL));

-- The one canary room of this person, with them as its only member. Announced to nobody.
CREATE FUNCTION get_canary_room(p_id text, p_user text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  room text;
BEGIN
  INSERT INTO rooms (id, kind, direct_key) VALUES (p_id, 'canary', 'canary ' || p_user) ON CONFLICT (direct_key) DO NOTHING;
  SELECT id INTO room FROM rooms WHERE direct_key = 'canary ' || p_user;
  INSERT INTO participants (room_id, user_id) VALUES (room, p_user) ON CONFLICT DO NOTHING;
  RETURN room;
END $$;

-- Removes the messages of such a room, and of no other.
CREATE FUNCTION sweep_canary_room(p_room text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM rooms WHERE id = p_room AND kind = 'canary' FOR NO KEY UPDATE;
  IF FOUND THEN
    DELETE FROM messages WHERE room_id = p_room;
  END IF;
END $$;
