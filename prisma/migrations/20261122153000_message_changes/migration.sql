-- Changes of messages that were carried out, by the client id that their maker's page gave them: one that is sent again does
-- nothing. Kept for a hundred days: what waits in a browser longer than that has no session left to be sent in.
CREATE TABLE "message_writes" (
    "user_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    -- What was done: 'delete', an edit with its text's hash, a reaction.
    "did" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_writes_pkey" PRIMARY KEY ("user_id", "client_id")
);
CREATE INDEX "message_writes_created_at_idx" ON "message_writes"("created_at");
ALTER TABLE "message_writes" ADD CONSTRAINT "message_writes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Gives a message another text, or deletes it (p_text is null): then its text is gone from the table. Under the room's lock:
-- of two changes at the same moment the later one holds. `message` is the message as it is afterwards, with its new rev when
-- `changed`. What was carried out under this client id before, and what is so already, changes nothing.
--   not_found  no such message, or not a member of its room
--   forbidden  somebody else's (owners and admins of a group may delete it), or one that tells of a change of the group
--   deleted    there is nothing left to edit
--   conflict   the client id was used for another message, or to do something else to it
CREATE FUNCTION change_message(p_id text, p_user text, p_text text, p_client text, p_origin text)
RETURNS TABLE (outcome text, changed boolean, message jsonb)
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_role text := lock_room_as((SELECT m.room_id FROM messages m WHERE m.id = p_id), p_user);
  v_message messages;
  v_did text := CASE WHEN p_text IS NULL THEN 'delete' ELSE 'edit ' || md5(p_text) END;
  v_known boolean;
  v_outcome text;
BEGIN
  IF v_role IS NULL THEN
    RETURN QUERY SELECT 'not_found', false, NULL::jsonb;
    RETURN;
  END IF;
  SELECT m.* INTO v_message FROM messages m WHERE m.id = p_id;
  SELECT w.message_id = p_id AND w.did = v_did INTO v_known FROM message_writes w WHERE w.user_id = p_user AND w.client_id = p_client;
  IF v_known IS NOT NULL THEN
    RETURN QUERY SELECT CASE WHEN v_known THEN 'done' ELSE 'conflict' END, false, to_jsonb(v_message);
    RETURN;
  END IF;
  v_outcome := CASE
    WHEN v_message.system IS NOT NULL THEN 'forbidden'
    WHEN v_message.sender_id <> p_user AND (p_text IS NOT NULL OR v_role NOT IN ('owner', 'admin')) THEN 'forbidden'
    WHEN v_message.deleted_at IS NOT NULL AND p_text IS NOT NULL THEN 'deleted'
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
  IF v_message.message = p_text OR v_message.deleted_at IS NOT NULL THEN
    RETURN QUERY SELECT 'done', false, to_jsonb(v_message);
    RETURN;
  END IF;
  WITH moved AS (
    UPDATE rooms r SET last_rev = r.last_rev + 1, changed_at = clock_timestamp() WHERE r.id = v_message.room_id RETURNING r.last_rev
  )
  UPDATE messages m SET
    rev = moved.last_rev,
    message = coalesce(p_text, ''),
    edited_at = CASE WHEN p_text IS NULL THEN m.edited_at ELSE clock_timestamp() END,
    deleted_at = CASE WHEN p_text IS NULL THEN clock_timestamp() END,
    changed_at = clock_timestamp()
  FROM moved WHERE m.id = p_id
  RETURNING m.* INTO v_message;
  PERFORM announce(jsonb_build_object('type', 'messages', 'rooms',
    jsonb_build_array(jsonb_build_array(v_message.room_id, v_message.rev, v_message.rev))), p_origin);
  RETURN QUERY SELECT 'done', true, to_jsonb(v_message);
END $$;
