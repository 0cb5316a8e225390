-- Why the first of two people may not write to the second: see participants.barred.
CREATE FUNCTION barred_between(p_user text, p_other text) RETURNS text
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  RETURN CASE
    WHEN EXISTS (SELECT FROM user_blocks b WHERE b.blocker_id = p_user AND b.blocked_id = p_other) THEN 'blocking'
    WHEN EXISTS (SELECT FROM user_blocks b WHERE b.blocker_id = p_other AND b.blocked_id = p_user) THEN 'blocked'
  END;
END $$;

-- The key of the direct room of two people. While there is none it cannot be locked: who makes it and who blocks come one after
-- the other by this lock, which is taken before the room's.
CREATE FUNCTION lock_pair(p_user text, p_other text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_pair text := least(p_user COLLATE "C", p_other COLLATE "C") || ':' || greatest(p_user COLLATE "C", p_other COLLATE "C");
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('direct room ' || v_pair, 0));
  RETURN v_pair;
END $$;

-- One person blocks another one, or unblocks them; what is so already changes nothing. Of their direct room both members' rows
-- say it from now on, under the room's lock: a message that is being sent comes before or after. Only who blocks is told.
-- `direct_room`: the room that looks otherwise to them. `outcome` is 'full' where they have blocked p_most people already.
CREATE FUNCTION set_block(p_user text, p_other text, p_on boolean, p_most int, p_origin text)
RETURNS TABLE (outcome text, changed boolean, direct_room text)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_pair text := lock_pair(p_user, p_other);
  v_room text;
BEGIN
  SELECT r.id INTO v_room FROM rooms r WHERE r.direct_key = v_pair FOR NO KEY UPDATE;
  IF p_on THEN
    -- One person's own blocks come one after the other, so that their number holds.
    PERFORM 1 FROM users u WHERE u.id = p_user FOR NO KEY UPDATE;
    IF (SELECT count(*) FROM user_blocks b WHERE b.blocker_id = p_user AND b.blocked_id <> p_other) >= p_most THEN
      RETURN QUERY SELECT 'full', false, NULL::text;
      RETURN;
    END IF;
    INSERT INTO user_blocks (blocker_id, blocked_id, created_at) VALUES (p_user, p_other, clock_timestamp()) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM user_blocks b WHERE b.blocker_id = p_user AND b.blocked_id = p_other;
  END IF;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'done', false, v_room;
    RETURN;
  END IF;
  IF v_room IS NOT NULL THEN
    -- What was read meanwhile is told when it is over: pages find it with their next ping.
    UPDATE rooms r SET read_rev = r.read_rev + 1, changed_at = clock_timestamp()
    WHERE r.id = v_room AND EXISTS (
      SELECT FROM participants p WHERE p.room_id = v_room AND p.user_id = p_user AND p.shown_read_seq < p.last_read_seq
    );
    UPDATE participants p SET
      barred = barred_between(p_user, p_other),
      shown_read_seq = CASE WHEN p_on THEN p.last_read_seq END,
      own_rev = p.own_rev + 1,
      own_changed_at = clock_timestamp()
    WHERE p.room_id = v_room AND p.user_id = p_user;
    UPDATE participants p SET barred = barred_between(p_other, p_user) WHERE p.room_id = v_room AND p.user_id = p_other;
    PERFORM announce(jsonb_build_object('type', 'roomUpdated', 'roomId', v_room, 'userIds', jsonb_build_array(p_user)), p_origin);
  END IF;
  PERFORM announce(jsonb_build_object('type', 'block', 'userId', p_user, 'otherId', p_other, 'blocked', p_on), p_origin);
  RETURN QUERY SELECT 'done', true, v_room;
END $$;

-- As before; new: where one of the two has blocked the other neither makes their room nor brings the other back: `barred` says
-- which it is, and room_id is null. A room that is there is answered all the same.
DROP FUNCTION get_or_create_direct_room(text, text, text, text);
CREATE FUNCTION get_or_create_direct_room(p_id text, p_user text, p_other text, p_origin text)
RETURNS TABLE (room_id text, created boolean, barred text)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  pair text := least(p_user COLLATE "C", p_other COLLATE "C") || ':' || greatest(p_user COLLATE "C", p_other COLLATE "C");
  made text;
  newest int;
  v_barred text;
BEGIN
  SELECT r.id INTO made FROM rooms r WHERE r.direct_key = pair;
  IF made IS NULL THEN
    PERFORM lock_pair(p_user, p_other);
    v_barred := barred_between(p_user, p_other);
    IF v_barred IS NOT NULL AND NOT EXISTS (SELECT FROM rooms r WHERE r.direct_key = pair) THEN
      RETURN QUERY SELECT NULL::text, false, v_barred;
      RETURN;
    END IF;
    INSERT INTO rooms (id, kind, direct_key) VALUES (p_id, 'direct', pair) ON CONFLICT (direct_key) DO NOTHING RETURNING id INTO made;
    IF made IS NOT NULL THEN
      INSERT INTO participants (room_id, user_id) VALUES (made, p_user), (made, p_other);
      PERFORM announce(jsonb_build_object('type', 'room', 'roomId', made), p_origin);
      RETURN QUERY SELECT made, true, NULL::text;
      RETURN;
    END IF;
    SELECT r.id INTO made FROM rooms r WHERE r.direct_key = pair;
  END IF;
  IF (SELECT count(*) FROM participants p WHERE p.room_id = made) = 2 THEN
    RETURN QUERY SELECT made, false, NULL::text;
    RETURN;
  END IF;
  -- Looked at again under the room's lock: a removal comes before or after.
  SELECT r.last_seq INTO newest FROM rooms r WHERE r.id = made FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = made AND p.user_id = p_user) THEN
    RETURN;
  END IF;
  v_barred := barred_between(p_user, p_other);
  IF v_barred IS NOT NULL AND NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = made AND p.user_id = p_other) THEN
    RETURN QUERY SELECT NULL::text, false, v_barred;
    RETURN;
  END IF;
  INSERT INTO participants (room_id, user_id, last_read_seq) VALUES (made, p_other, newest) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN QUERY SELECT made, false, NULL::text;
    RETURN;
  END IF;
  UPDATE rooms SET changed_at = clock_timestamp() WHERE id = made;
  PERFORM announce(jsonb_build_object('type', 'room', 'roomId', made), p_origin);
  RETURN QUERY SELECT made, true, NULL::text;
END $$;

-- Whether one of these people has blocked that one: who was blocked does not bring them into a group.
CREATE FUNCTION any_has_blocked(p_users text[], p_blocked text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM unnest(p_users) AS x(id)
    CROSS JOIN LATERAL (SELECT FROM user_blocks b WHERE b.blocker_id = x.id AND b.blocked_id = p_blocked LIMIT 1) b
  );
END $$;

-- As before; new: 'unwilling', one of the people has blocked the maker.
CREATE OR REPLACE FUNCTION create_group(p_id text, p_maker text, p_client text, p_name text, p_users text[], p_origin text)
RETURNS TABLE (outcome text, posted jsonb, room_id text, created boolean)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_made text;
  v_people text[];
BEGIN
  IF any_has_blocked(p_users, p_maker) AND NOT EXISTS (SELECT FROM rooms r WHERE r.maker_id = p_maker AND r.client_id = p_client) THEN
    RETURN QUERY SELECT 'unwilling', '[]'::jsonb, NULL::text, false;
    RETURN;
  END IF;
  INSERT INTO rooms (id, kind, name, maker_id, client_id) VALUES (p_id, 'group', p_name, p_maker, p_client)
  ON CONFLICT (maker_id, client_id) WHERE maker_id IS NOT NULL DO NOTHING RETURNING id INTO v_made;
  IF v_made IS NULL THEN
    RETURN QUERY SELECT 'done', '[]'::jsonb, r.id, false FROM rooms r WHERE r.maker_id = p_maker AND r.client_id = p_client;
    RETURN;
  END IF;
  SELECT array_agg(DISTINCT x.id) INTO v_people FROM unnest(p_users) AS x(id) WHERE x.id <> p_maker;
  -- Everybody starts with everything read: the first message, which says that the group was made and by whom.
  INSERT INTO participants (room_id, user_id, role, last_read_seq)
  VALUES (v_made, p_maker, 'owner', 0);
  INSERT INTO participants (room_id, user_id, last_read_seq) SELECT v_made, x.id, 1 FROM unnest(v_people) AS x(id) ORDER BY x.id;
  PERFORM announce_arrivals(v_made, p_maker || v_people, p_origin);
  RETURN QUERY SELECT 'done', announce_posted(v_made, ARRAY[post_system_message(v_made, p_maker,
    jsonb_build_object('type', 'created', 'name', p_name), names_of(ARRAY[p_maker]) || ' created the group "' || p_name || '".')], p_origin),
    v_made, true;
END $$;

-- As before; new: 'unwilling', one of those who are new has blocked who adds them.
CREATE OR REPLACE FUNCTION add_to_group(p_room text, p_actor text, p_users text[], p_most int, p_origin text)
RETURNS TABLE (outcome text, posted jsonb, arrived text[])
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as(p_room, p_actor);
  v_new text[];
  v_last int;
  v_count int;
BEGIN
  IF v_role IS NULL OR v_role NOT IN ('owner', 'admin') THEN
    RETURN QUERY SELECT CASE v_role WHEN 'direct' THEN 'not_a_group' WHEN 'member' THEN 'forbidden' ELSE 'not_found' END, '[]'::jsonb, '{}'::text[];
    RETURN;
  END IF;
  SELECT array_agg(DISTINCT x.id ORDER BY x.id) INTO v_new FROM unnest(p_users) AS x(id)
  WHERE NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = p_room AND p.user_id = x.id);
  IF v_new IS NULL THEN
    RETURN QUERY SELECT 'done', '[]'::jsonb, '{}'::text[];
    RETURN;
  END IF;
  IF any_has_blocked(v_new, p_actor) THEN
    RETURN QUERY SELECT 'unwilling', '[]'::jsonb, '{}'::text[];
    RETURN;
  END IF;
  SELECT r.last_seq, r.member_count INTO v_last, v_count FROM rooms r WHERE r.id = p_room;
  IF v_count + cardinality(v_new) > p_most THEN
    RETURN QUERY SELECT 'full', '[]'::jsonb, '{}'::text[];
    RETURN;
  END IF;
  -- Up to and including the message that says so.
  INSERT INTO participants (room_id, user_id, last_read_seq) SELECT p_room, x.id, v_last + 1 FROM unnest(v_new) AS x(id);
  PERFORM announce_arrivals(p_room, v_new, p_origin);
  RETURN QUERY SELECT 'done', announce_posted(p_room, ARRAY[post_system_message(p_room, p_actor,
    jsonb_build_object('type', 'added', 'userIds', to_jsonb(v_new)), names_of(ARRAY[p_actor]) || ' added ' || names_of(v_new) || '.')], p_origin), v_new;
END $$;
