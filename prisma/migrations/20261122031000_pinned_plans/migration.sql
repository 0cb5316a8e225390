-- A person's rooms in the order of their ids, so that a page of heads reads its own part of them and no more.
CREATE INDEX "participants_user_id_room_id_idx" ON "participants"("user_id", "room_id");
DROP INDEX "participants_user_id_idx";

-- The few among all people who are looked for by what they are.
CREATE INDEX "users_admins_idx" ON "users"("id") WHERE "role" = 'admin';
CREATE INDEX "users_demo_idx" ON "users"("name") WHERE "is_demo";

-- The functions keep the plans they made first. Made for an empty table, that plan reads all of it, and goes on doing so when
-- it is full: none may.
ALTER FUNCTION mark_messages_read(text, text, int, text) SET enable_seqscan = off;
ALTER FUNCTION get_or_create_direct_room(text, text, text, text) SET enable_seqscan = off;
ALTER FUNCTION remove_participant(text, text, text) SET enable_seqscan = off;
ALTER FUNCTION create_notifications(text[], text[], jsonb, text) SET enable_seqscan = off;
ALTER FUNCTION set_notification_status(text, text, text, text) SET enable_seqscan = off;
ALTER FUNCTION delete_notification(text, text, text) SET enable_seqscan = off;
ALTER FUNCTION mark_all_notifications_read(text, text) SET enable_seqscan = off;
ALTER FUNCTION clear_notifications(text, text) SET enable_seqscan = off;
ALTER FUNCTION get_canary_room(text, text) SET enable_seqscan = off;
ALTER FUNCTION sweep_canary_room(text) SET enable_seqscan = off;
ALTER FUNCTION subscribe_to_topic(text, text, int) SET enable_seqscan = off;
