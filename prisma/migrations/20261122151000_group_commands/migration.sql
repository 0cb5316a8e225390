-- What members do to their group. Each function locks the room first, as storing messages does, and so comes before or after
-- whatever else happens in it. Each answers `outcome` (what it says besides 'done' stands at its head) and `posted`: the
-- system messages it put into the room's order, which their processes publish; what changed nothing posts nothing.
--
-- What others hear is announced in the order in which it must be carried out: who left leaves before the message of that is
-- told, who came is there.

-- Locks the room and says what this person is in it: owner, admin or member of a group; 'direct' in a room of two. Null: no
-- such room, or not a member.
CREATE FUNCTION lock_room_as(p_room text, p_user text) RETURNS text
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_kind text;
BEGIN
  SELECT r.kind INTO v_kind FROM rooms r WHERE r.id = p_room AND r.kind <> 'canary' FOR NO KEY UPDATE;
  -- A statement of its own: it sees what was committed before the lock was given.
  RETURN (
    SELECT CASE v_kind WHEN 'group' THEN p.role ELSE v_kind END
    FROM participants p WHERE p.room_id = p_room AND p.user_id = p_user
  );
END $$;

-- "Ada, Grace, Linus and 4 others"
CREATE FUNCTION names_of(p_users text[]) RETURNS text
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
DECLARE
  v_rest int := cardinality(p_users) - 3;
BEGIN
  RETURN (
    SELECT string_agg(left(u.name, 100), ', ' ORDER BY x.ord)
    FROM unnest(p_users[1:3]) WITH ORDINALITY AS x(id, ord)
    CROSS JOIN LATERAL (SELECT name FROM users WHERE id = x.id LIMIT 1) u
  ) || CASE WHEN v_rest = 1 THEN ' and 1 other' WHEN v_rest > 1 THEN ' and ' || v_rest || ' others' ELSE '' END;
END $$;

-- A message of what somebody did to the room, which the caller has locked. It counts as one that they sent.
CREATE FUNCTION post_system_message(p_room text, p_actor text, p_system jsonb, p_text text) RETURNS messages
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_posted messages;
BEGIN
  WITH moved AS (
    UPDATE rooms r SET last_seq = r.last_seq + 1, last_rev = r.last_rev + 1, updated_at = clock_timestamp(), changed_at = clock_timestamp()
    WHERE r.id = p_room RETURNING r.last_seq, r.last_rev
  )
  INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at, system)
  SELECT gen_random_uuid()::text, p_room, m.last_seq, m.last_rev, p_actor, gen_random_uuid()::text, p_text, clock_timestamp(), p_system
  FROM moved m
  RETURNING * INTO v_posted;
  UPDATE participants p SET
    last_read_seq = CASE WHEN p.last_read_seq = v_posted.seq - 1 THEN v_posted.seq ELSE p.last_read_seq END,
    own_unread = CASE WHEN p.last_read_seq = v_posted.seq - 1 THEN 0 ELSE p.own_unread + 1 END
  WHERE p.room_id = p_room AND p.user_id = p_actor;
  RETURN v_posted;
END $$;

-- Says that these messages are new, and that the room looks otherwise to its members.
CREATE FUNCTION announce_posted(p_room text, p_posted messages[], p_origin text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF cardinality(p_posted) = 0 THEN
    RETURN '[]';
  END IF;
  PERFORM announce(jsonb_build_object('type', 'messages', 'rooms', jsonb_build_array(
    jsonb_build_array(p_room, p_posted[1].rev, p_posted[cardinality(p_posted)].rev))), p_origin);
  PERFORM announce(jsonb_build_object('type', 'roomUpdated', 'roomId', p_room), p_origin);
  RETURN (SELECT jsonb_agg(to_jsonb(x)) FROM unnest(p_posted) x);
END $$;

-- Says who came into the room, in portions: a NOTIFY must stay below 8,000 bytes.
CREATE FUNCTION announce_arrivals(p_room text, p_users text[], p_origin text) RETURNS void
LANGUAGE sql VOLATILE AS $$
  SELECT announce(jsonb_build_object('type', 'room', 'roomId', p_room, 'userIds', jsonb_agg(x.id ORDER BY x.ord)), p_origin)
  FROM unnest(p_users) WITH ORDINALITY AS x(id, ord)
  GROUP BY (x.ord - 1) / 100 ORDER BY (x.ord - 1) / 100;
$$;

-- A group with its maker as the owner. The same maker's client id again answers the group that was made: `created` is false.
-- 'nobody': some of the people do not exist.
CREATE FUNCTION create_group(p_id text, p_maker text, p_client text, p_name text, p_users text[], p_origin text)
RETURNS TABLE (outcome text, posted jsonb, room_id text, created boolean)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  v_made text;
  v_people text[];
BEGIN
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

-- Another name or picture; what is null stays, and a blank picture is none. 'not_found', 'not_a_group', 'forbidden'.
CREATE FUNCTION update_group(p_room text, p_actor text, p_name text, p_picture text, p_origin text)
RETURNS TABLE (outcome text, posted jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as(p_room, p_actor);
  v_posted messages[] := '{}';
BEGIN
  IF v_role IS NULL OR v_role NOT IN ('owner', 'admin') THEN
    RETURN QUERY SELECT CASE v_role WHEN 'direct' THEN 'not_a_group' WHEN 'member' THEN 'forbidden' ELSE 'not_found' END, '[]'::jsonb;
    RETURN;
  END IF;
  UPDATE rooms r SET name = p_name WHERE r.id = p_room AND r.name IS DISTINCT FROM p_name AND p_name IS NOT NULL;
  IF FOUND THEN
    v_posted := v_posted || post_system_message(p_room, p_actor, jsonb_build_object('type', 'renamed', 'name', p_name),
      names_of(ARRAY[p_actor]) || ' renamed the group to "' || p_name || '".');
  END IF;
  UPDATE rooms r SET avatar_image = nullif(p_picture, '')
  WHERE r.id = p_room AND p_picture IS NOT NULL AND r.avatar_image IS DISTINCT FROM nullif(p_picture, '');
  IF FOUND THEN
    v_posted := v_posted || post_system_message(p_room, p_actor, '{"type": "pictured"}',
      names_of(ARRAY[p_actor]) || ' changed the picture of the group.');
  END IF;
  RETURN QUERY SELECT 'done', announce_posted(p_room, v_posted, p_origin);
END $$;

-- Brings people in, with all there is to read and nothing unread; who is in it already stays as they are. `arrived`: who was
-- not. 'not_found', 'not_a_group', 'forbidden', 'full' (more than p_most would be in it).
CREATE FUNCTION add_to_group(p_room text, p_actor text, p_users text[], p_most int, p_origin text)
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

-- Takes somebody out of a group, or oneself. Whoever was the last owner leaves it to the oldest admin, else the oldest
-- member. Asked again it is done, and posts nothing. 'not_found' (the room, or neither is nor was a member), 'not_a_group',
-- 'forbidden' (members take out nobody, and admins no owner).
CREATE FUNCTION remove_from_group(p_room text, p_actor text, p_user text, p_origin text)
RETURNS TABLE (outcome text, posted jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as(p_room, p_actor);
  v_other text;
  v_heir text;
  v_posted messages[] := '{}';
BEGIN
  SELECT p.role INTO v_other FROM participants p WHERE p.room_id = p_room AND p.user_id = p_user;
  IF v_role = 'direct' THEN
    RETURN QUERY SELECT 'not_a_group', '[]'::jsonb;
    RETURN;
  END IF;
  IF p_actor <> p_user AND (v_role = 'member' OR v_role = 'admin' AND v_other = 'owner') THEN
    RETURN QUERY SELECT 'forbidden', '[]'::jsonb;
    RETURN;
  END IF;
  IF v_other IS NULL AND (v_role IS NOT NULL OR p_actor = p_user)
    AND EXISTS (SELECT 1 FROM room_departures d WHERE d.user_id = p_user AND d.room_id = p_room) THEN
    RETURN QUERY SELECT 'done', '[]'::jsonb;
    RETURN;
  END IF;
  IF v_role IS NULL OR v_other IS NULL THEN
    RETURN QUERY SELECT 'not_found', '[]'::jsonb;
    RETURN;
  END IF;
  DELETE FROM participants p WHERE p.room_id = p_room AND p.user_id = p_user;
  PERFORM announce(jsonb_build_object('type', 'removed', 'roomId', p_room, 'userId', p_user), p_origin);
  IF p_actor = p_user THEN
    v_posted := v_posted || post_system_message(p_room, p_actor, jsonb_build_object('type', 'left', 'userIds', jsonb_build_array(p_user)),
      names_of(ARRAY[p_user]) || ' left the group.');
  ELSE
    v_posted := v_posted || post_system_message(p_room, p_actor, jsonb_build_object('type', 'removed', 'userIds', jsonb_build_array(p_user)),
      names_of(ARRAY[p_actor]) || ' removed ' || names_of(ARRAY[p_user]) || '.');
  END IF;
  IF v_other = 'owner' AND NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = p_room AND p.role = 'owner') THEN
    SELECT p.user_id INTO v_heir FROM participants p WHERE p.room_id = p_room
    ORDER BY p.role <> 'admin', p.joined_at, p.user_id LIMIT 1;
    IF v_heir IS NOT NULL THEN
      UPDATE participants p SET role = 'owner' WHERE p.room_id = p_room AND p.user_id = v_heir;
      v_posted := v_posted || post_system_message(p_room, p_actor,
        jsonb_build_object('type', 'role', 'userIds', jsonb_build_array(v_heir), 'name', 'owner'), names_of(ARRAY[v_heir]) || ' is now an owner.');
    END IF;
  END IF;
  RETURN QUERY SELECT 'done', announce_posted(p_room, v_posted, p_origin);
END $$;

-- Makes a member owner, admin or member. 'not_found' (the room, or the member), 'not_a_group', 'forbidden' (owners do this),
-- 'last_owner' (a group has one at least).
CREATE FUNCTION set_participant_role(p_room text, p_actor text, p_user text, p_role text, p_origin text)
RETURNS TABLE (outcome text, posted jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as(p_room, p_actor);
  v_other text;
  v_outcome text;
BEGIN
  SELECT p.role INTO v_other FROM participants p WHERE p.room_id = p_room AND p.user_id = p_user;
  v_outcome := CASE
    WHEN v_role IS NULL THEN 'not_found'
    WHEN v_role = 'direct' THEN 'not_a_group'
    WHEN v_role <> 'owner' THEN 'forbidden'
    WHEN v_other IS NULL THEN 'not_found'
    WHEN v_other = 'owner' AND p_role <> 'owner'
      AND NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = p_room AND p.role = 'owner' AND p.user_id <> p_user) THEN 'last_owner'
    ELSE 'done'
  END;
  IF v_outcome <> 'done' OR v_other = p_role THEN
    RETURN QUERY SELECT v_outcome, '[]'::jsonb;
    RETURN;
  END IF;
  UPDATE participants p SET role = p_role WHERE p.room_id = p_room AND p.user_id = p_user;
  RETURN QUERY SELECT 'done', announce_posted(p_room, ARRAY[post_system_message(p_room, p_actor,
    jsonb_build_object('type', 'role', 'userIds', jsonb_build_array(p_user), 'name', p_role),
    names_of(ARRAY[p_actor]) || ' made ' || names_of(ARRAY[p_user]) || CASE p_role WHEN 'member' THEN ' a member.' ELSE ' an ' || p_role || '.' END)], p_origin);
END $$;

-- What one member prefers: until when they are told nothing of the room (null: they are), whether it stands first. Only what
-- is given changes. False: no such room, or not a member.
CREATE FUNCTION set_room_preferences(p_room text, p_user text, p_preferences jsonb, p_origin text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  IF lock_room_as(p_room, p_user) IS NULL THEN
    RETURN false;
  END IF;
  UPDATE participants p SET
    muted_until = CASE WHEN p_preferences ? 'mutedUntil' THEN (p_preferences ->> 'mutedUntil')::timestamptz ELSE p.muted_until END,
    pinned_at = CASE (p_preferences ->> 'pinned')::boolean WHEN true THEN coalesce(p.pinned_at, clock_timestamp()) WHEN false THEN NULL ELSE p.pinned_at END,
    own_rev = p.own_rev + 1,
    own_changed_at = clock_timestamp()
  WHERE p.room_id = p_room AND p.user_id = p_user;
  PERFORM announce(jsonb_build_object('type', 'roomUpdated', 'roomId', p_room, 'userIds', jsonb_build_array(p_user)), p_origin);
  RETURN true;
END $$;
