-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "role" TEXT NOT NULL DEFAULT 'user',
    "avatar_image" TEXT,
    "last_seen" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "notification_version" INTEGER NOT NULL DEFAULT 0,
    "notification_unread" INTEGER NOT NULL DEFAULT 0,
    "notification_last_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "public_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rooms" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "direct_key" TEXT,
    "name" TEXT,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "last_rev" INTEGER NOT NULL DEFAULT 0,
    "read_rev" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rooms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "participants" (
    "room_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "last_read_seq" INTEGER NOT NULL DEFAULT 0,
    "own_unread" INTEGER NOT NULL DEFAULT 0,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "participants_pkey" PRIMARY KEY ("room_id","user_id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" TEXT NOT NULL,
    "room_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "rev" INTEGER NOT NULL,
    "sender_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "edited_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notifications" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'unread',
    "avatar_image" TEXT,
    "avatar_icon" TEXT,
    "avatar_text" TEXT,
    "avatar_color" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "notifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "topic_subscriptions" (
    "user_id" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "topic_subscriptions_pkey" PRIMARY KEY ("user_id","topic")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "response" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE INDEX "users_name_idx" ON "users"("name");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_public_id_key" ON "sessions"("public_id");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "rooms_direct_key_key" ON "rooms"("direct_key");

-- CreateIndex
CREATE INDEX "participants_user_id_idx" ON "participants"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "messages_room_id_seq_key" ON "messages"("room_id", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "messages_room_id_rev_key" ON "messages"("room_id", "rev");

-- CreateIndex
CREATE UNIQUE INDEX "messages_sender_id_client_id_key" ON "messages"("sender_id", "client_id");

-- CreateIndex
CREATE INDEX "notifications_user_id_created_at_idx" ON "notifications"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "notifications_user_id_version_key" ON "notifications"("user_id", "version");

-- CreateIndex
CREATE INDEX "topic_subscriptions_topic_idx" ON "topic_subscriptions"("topic");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "participants" ADD CONSTRAINT "participants_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "participants" ADD CONSTRAINT "participants_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_sender_id_fkey" FOREIGN KEY ("sender_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "topic_subscriptions" ADD CONSTRAINT "topic_subscriptions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say.
ALTER TABLE "users" ADD CONSTRAINT "users_email_lower_check" CHECK ("email" = lower("email"));
ALTER TABLE "users" ADD CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin'));
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_kind_check" CHECK (("kind" = 'direct' AND "direct_key" IS NOT NULL) OR ("kind" = 'group' AND "direct_key" IS NULL));
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_counters_check" CHECK ("last_seq" >= 0 AND "last_rev" >= "last_seq" AND "read_rev" >= 0);
ALTER TABLE "participants" ADD CONSTRAINT "participants_counters_check" CHECK ("last_read_seq" >= 0 AND "own_unread" >= 0);
ALTER TABLE "messages" ADD CONSTRAINT "messages_counters_check" CHECK ("seq" >= 1 AND "rev" >= "seq");
ALTER TABLE "messages" ADD CONSTRAINT "messages_message_check" CHECK (char_length("message") <= 4000 AND ("deleted_at" IS NOT NULL OR char_length("message") >= 1));
ALTER TABLE "users" ADD CONSTRAINT "users_notifications_check" CHECK ("notification_version" >= 0 AND "notification_unread" >= 0);
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_type_check" CHECK ("type" IN ('info', 'warning', 'error', 'success'));
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_status_check" CHECK ("status" IN ('read', 'unread'));

-- Tells every listening socket process what changed, when (and only if) the surrounding transaction commits. `origin` is
-- the process that already published the change itself; null announces nothing. Ids and counters only: the payload must
-- stay below 8 kB.
CREATE FUNCTION announce(change jsonb, origin text) RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT pg_notify('tandem', (change || jsonb_build_object('origin', origin))::text) WHERE origin IS NOT NULL;
$$;

-- A time as the wire writes it: ISO 8601, UTC, milliseconds.
CREATE FUNCTION utc_iso(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

-- The group commit: many messages, many rooms, one round trip, one transaction. Rows answer in the order of the arrays:
--   new        inserted now
--   duplicate  the same (sender, client id) was stored before: the stored row
--   conflict   the same (sender, client id) was stored before with another room or text
--   not_found  no such room, or the sender is not a member of it
-- seq and rev are allotted under the room's lock, so they have no holes and commit in order.
CREATE FUNCTION insert_messages(p_id text[], p_room text[], p_sender text[], p_client text[], p_body text[], p_origin text)
RETURNS TABLE (ord int, outcome text, id text, seq int, rev int, message text, created_at timestamptz, edited_at timestamptz, deleted_at timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
  -- Every process locks in the same order, so none waits in a circle. NO KEY: foreign-key checks need not wait for us.
  PERFORM 1 FROM rooms WHERE id = ANY (p_room) ORDER BY id FOR NO KEY UPDATE;

  -- A statement of its own: its snapshot is taken after the locks are held and sees all that committed meanwhile.
  RETURN QUERY
  WITH asked AS (
    SELECT * FROM unnest(p_id, p_room, p_sender, p_client, p_body) WITH ORDINALITY AS a(id, room_id, sender_id, client_id, message, ord)
  ), stored AS (
    SELECT m.* FROM messages m JOIN (SELECT DISTINCT sender_id, client_id FROM asked) k USING (sender_id, client_id)
  ), fresh AS (
    SELECT DISTINCT ON (a.sender_id, a.client_id) a.*
    FROM asked a
    JOIN participants p ON p.room_id = a.room_id AND p.user_id = a.sender_id
    WHERE NOT EXISTS (SELECT 1 FROM stored s WHERE s.sender_id = a.sender_id AND s.client_id = a.client_id)
    ORDER BY a.sender_id, a.client_id, a.ord
  ), numbered AS (
    SELECT f.*, r.last_seq, r.last_rev, (row_number() OVER (PARTITION BY f.room_id ORDER BY f.ord))::int AS n
    FROM fresh f JOIN rooms r ON r.id = f.room_id
  ), inserted AS (
    INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
    SELECT id, room_id, last_seq + n, last_rev + n, sender_id, client_id, message, clock_timestamp()
    FROM numbered
    ORDER BY sender_id, client_id -- unique-index waits, too, in one order for all
    RETURNING *
  ), counted AS (
    SELECT room_id, count(*)::int AS n, min(last_rev) + 1 AS from_rev, max(last_rev) + count(*)::int AS to_rev
    FROM numbered GROUP BY room_id
  ), moved AS (
    UPDATE rooms r SET last_seq = r.last_seq + c.n, last_rev = r.last_rev + c.n,
      updated_at = clock_timestamp(), changed_at = clock_timestamp()
    FROM counted c WHERE r.id = c.room_id
  ), sent AS (
    SELECT p.room_id, p.user_id, max(i.seq) AS highest, count(*)::int AS n,
      p.last_read_seq = min(i.seq) - 1 AND max(i.seq) - min(i.seq) + 1 = count(*) AS had_read_all
    FROM inserted i JOIN participants p ON p.room_id = i.room_id AND p.user_id = i.sender_id
    GROUP BY p.room_id, p.user_id, p.last_read_seq
  ), own AS (
    -- Who had read everything before has read their own message too; who had not has one more of their own after it.
    UPDATE participants p SET
      last_read_seq = CASE WHEN s.had_read_all THEN s.highest ELSE p.last_read_seq END,
      own_unread = CASE WHEN s.had_read_all THEN 0 ELSE p.own_unread + s.n END
    FROM sent s WHERE p.room_id = s.room_id AND p.user_id = s.user_id
  ), announced AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'messages', 'roomId', room_id, 'fromRev', from_rev, 'toRev', to_rev), p_origin)
    FROM counted
  ), known AS (
    SELECT * FROM stored UNION ALL SELECT * FROM inserted
  )
  SELECT a.ord::int,
    CASE
      WHEN k.id IS NULL THEN 'not_found'
      WHEN k.id = a.id THEN 'new'
      WHEN k.room_id = a.room_id AND (k.message = a.message OR k.edited_at IS NOT NULL OR k.deleted_at IS NOT NULL) THEN 'duplicate'
      ELSE 'conflict'
    END,
    k.id, k.seq, k.rev, k.message, k.created_at, k.edited_at, k.deleted_at
  FROM asked a
  LEFT JOIN known k ON k.sender_id = a.sender_id AND k.client_id = a.client_id
  -- A CTE that nobody reads is not run, and a left join that adds nothing is dropped: hence the cross join.
  CROSS JOIN (SELECT count(*) FROM announced) AS run_announced
  ORDER BY a.ord;
END $$;

-- Raises a read position; it never falls and never passes the last message. No row: no such room, or not a member.
-- `count` is how many messages of others became read.
CREATE FUNCTION mark_messages_read(p_room text, p_user text, p_up_to int, p_origin text)
RETURNS TABLE (changed boolean, count int, last_read_seq int)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  newest int;
  target int;
  seen int;
  own_before int;
  own_after int;
  newly_read int;
BEGIN
  SELECT r.last_seq INTO newest FROM rooms r WHERE r.id = p_room FOR NO KEY UPDATE;
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
  UPDATE rooms r SET read_rev = r.read_rev + 1, changed_at = clock_timestamp() WHERE r.id = p_room;
  PERFORM announce(jsonb_build_object('type', 'read', 'roomId', p_room, 'userId', p_user, 'count', newly_read, 'lastReadSeq', target), p_origin);
  RETURN QUERY SELECT true, newly_read, target;
END $$;

-- Who was taken out of a direct room is back when either opens it again, with everything read. True when somebody was.
CREATE FUNCTION restore_direct_members(p_room text, p_user text, p_other text, p_origin text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  newest int;
BEGIN
  IF (SELECT count(*) FROM participants WHERE room_id = p_room) = 2 THEN
    RETURN false;
  END IF;
  SELECT last_seq INTO newest FROM rooms WHERE id = p_room FOR NO KEY UPDATE;
  INSERT INTO participants (room_id, user_id, last_read_seq) VALUES (p_room, p_user, newest), (p_room, p_other, newest)
  ON CONFLICT DO NOTHING;
  UPDATE rooms SET changed_at = clock_timestamp() WHERE id = p_room;
  PERFORM announce(jsonb_build_object('type', 'room', 'roomId', p_room), p_origin);
  RETURN true;
END $$;

-- The one direct room of two people. Who comes second waits for the first's transaction and gets the same room.
CREATE FUNCTION get_or_create_direct_room(p_id text, p_user text, p_other text, p_origin text)
RETURNS TABLE (room_id text, created boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  pair text := least(p_user COLLATE "C", p_other COLLATE "C") || ':' || greatest(p_user COLLATE "C", p_other COLLATE "C");
  made text;
BEGIN
  SELECT r.id INTO made FROM rooms r WHERE r.direct_key = pair;
  IF made IS NOT NULL THEN
    RETURN QUERY SELECT made, restore_direct_members(made, p_user, p_other, p_origin);
    RETURN;
  END IF;
  INSERT INTO rooms (id, kind, direct_key) VALUES (p_id, 'direct', pair) ON CONFLICT (direct_key) DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    RETURN QUERY SELECT r.id, false FROM rooms r WHERE r.direct_key = pair;
    RETURN;
  END IF;
  INSERT INTO participants (room_id, user_id) VALUES (made, p_user), (made, p_other);
  PERFORM announce(jsonb_build_object('type', 'room', 'roomId', made), p_origin);
  RETURN QUERY SELECT made, true;
END $$;

-- Takes a member out of a room; false when they were none.
CREATE FUNCTION remove_participant(p_room text, p_user text, p_origin text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM rooms WHERE id = p_room FOR NO KEY UPDATE;
  DELETE FROM participants WHERE room_id = p_room AND user_id = p_user;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE rooms SET changed_at = clock_timestamp() WHERE id = p_room;
  PERFORM announce(jsonb_build_object('type', 'removed', 'roomId', p_room, 'userId', p_user), p_origin);
  RETURN true;
END $$;

-- One notification for each of these people, in one statement each for locks, counters and rows. People that do not exist
-- are passed over. `created_at` rises strictly within a person's notifications, so that it can say which ones a sweep
-- (mark all, clear all) concerned. Announced in portions, to stay below the size of a NOTIFY.
CREATE FUNCTION create_notifications(p_id text[], p_user text[], p_content jsonb, p_origin text)
RETURNS SETOF notifications
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM 1 FROM users WHERE id = ANY (p_user) ORDER BY id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH asked AS (
    SELECT * FROM unnest(p_id, p_user) WITH ORDINALITY AS a(id, user_id, ord)
  ), moved AS (
    UPDATE users u SET
      notification_version = u.notification_version + 1,
      notification_unread = u.notification_unread + 1,
      notification_last_at = greatest(clock_timestamp(), u.notification_last_at + interval '1 millisecond')
    FROM asked a WHERE u.id = a.user_id
    RETURNING u.id AS user_id, u.notification_version AS version, u.notification_last_at AS created_at, a.id AS notification_id, a.ord
  ), inserted AS (
    INSERT INTO notifications (id, user_id, version, title, message, type, avatar_image, avatar_icon, avatar_text, avatar_color, created_at)
    SELECT m.notification_id, m.user_id, m.version, p_content ->> 'title', p_content ->> 'message', p_content ->> 'type',
      p_content ->> 'avatarImage', p_content ->> 'avatarIcon', p_content ->> 'avatarText', p_content ->> 'avatarColor', m.created_at
    FROM moved m
    RETURNING *
  ), announced AS MATERIALIZED (
    SELECT announce(jsonb_build_object('type', 'notifications', 'items', jsonb_agg(jsonb_build_array(m.user_id, m.version))), p_origin)
    FROM moved m GROUP BY m.ord / 80
  )
  SELECT i.* FROM inserted i CROSS JOIN (SELECT count(*) FROM announced) AS run_announced;
END $$;

-- Marks one notification as read or unread. No row: it is not there, or not theirs. `changed` is false when it was so already.
CREATE FUNCTION set_notification_status(p_user text, p_id text, p_status text, p_origin text) RETURNS TABLE (changed boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  before text;
BEGIN
  PERFORM 1 FROM users WHERE id = p_user FOR NO KEY UPDATE;
  SELECT n.status INTO before FROM notifications n WHERE n.id = p_id AND n.user_id = p_user;
  IF before IS NULL THEN
    RETURN;
  END IF;
  IF before <> p_status THEN
    UPDATE users u SET notification_version = u.notification_version + 1,
      notification_unread = u.notification_unread + CASE p_status WHEN 'unread' THEN 1 ELSE -1 END
    WHERE u.id = p_user;
    UPDATE notifications n SET status = p_status, version = (SELECT u.notification_version FROM users u WHERE u.id = p_user)
    WHERE n.id = p_id;
    PERFORM announce(jsonb_build_object('type', 'notificationUpdated', 'userId', p_user, 'id', p_id, 'read', p_status = 'read'), p_origin);
  END IF;
  RETURN QUERY SELECT before <> p_status;
END $$;

-- Deletes one notification; false when it is not there, or not theirs.
CREATE FUNCTION delete_notification(p_user text, p_id text, p_origin text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  before text;
BEGIN
  PERFORM 1 FROM users WHERE id = p_user FOR NO KEY UPDATE;
  DELETE FROM notifications n WHERE n.id = p_id AND n.user_id = p_user RETURNING n.status INTO before;
  IF before IS NULL THEN
    RETURN false;
  END IF;
  UPDATE users u SET notification_version = u.notification_version + 1,
    notification_unread = u.notification_unread - CASE before WHEN 'unread' THEN 1 ELSE 0 END
  WHERE u.id = p_user;
  PERFORM announce(jsonb_build_object('type', 'notificationDeleted', 'userId', p_user, 'id', p_id), p_origin);
  RETURN true;
END $$;

-- Marks everything there is at this moment as read. `up_to` is null when there never was any.
CREATE FUNCTION mark_all_notifications_read(p_user text, p_origin text) RETURNS TABLE (count int, version int, up_to timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  marked int;
  now_version int;
  newest timestamptz;
BEGIN
  SELECT u.notification_version, u.notification_last_at INTO now_version, newest FROM users u WHERE u.id = p_user FOR NO KEY UPDATE;
  UPDATE notifications n SET status = 'read' WHERE n.user_id = p_user AND n.status = 'unread';
  GET DIAGNOSTICS marked = ROW_COUNT;
  IF marked > 0 THEN
    now_version := now_version + 1;
    UPDATE users u SET notification_version = now_version, notification_unread = 0 WHERE u.id = p_user;
    PERFORM announce(jsonb_build_object('type', 'notificationsRead', 'userId', p_user, 'version', now_version, 'upTo', utc_iso(newest)), p_origin);
  END IF;
  RETURN QUERY SELECT marked, now_version, newest;
END $$;

-- Deletes everything there is at this moment.
CREATE FUNCTION clear_notifications(p_user text, p_origin text) RETURNS TABLE (ids text[], version int, up_to timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  cleared text[];
  now_version int;
  newest timestamptz;
BEGIN
  SELECT u.notification_version, u.notification_last_at INTO now_version, newest FROM users u WHERE u.id = p_user FOR NO KEY UPDATE;
  WITH gone AS (DELETE FROM notifications n WHERE n.user_id = p_user RETURNING n.id)
  SELECT coalesce(array_agg(gone.id), '{}') INTO cleared FROM gone;
  IF cardinality(cleared) > 0 THEN
    now_version := now_version + 1;
    UPDATE users u SET notification_version = now_version, notification_unread = 0 WHERE u.id = p_user;
    PERFORM announce(jsonb_build_object('type', 'notificationsCleared', 'userId', p_user, 'version', now_version, 'upTo', utc_iso(newest)), p_origin);
  END IF;
  RETURN QUERY SELECT cleared, now_version, newest;
END $$;
