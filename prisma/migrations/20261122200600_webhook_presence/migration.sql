-- Somebody came or went. What is told of that is written by whoever noticed, in a transaction of its own.
CREATE FUNCTION note_presence(p_user text, p_online boolean, p_last_seen timestamptz) RETURNS void
LANGUAGE sql VOLATILE SET enable_seqscan = off AS $$
  SELECT add_webhook_events(CASE WHEN p_online THEN 'user.online' ELSE 'user.offline' END, jsonb_build_array(
    jsonb_build_object('lane', 'user:' || p_user, 'subject', jsonb_build_object('user_id', p_user, 'last_seen', p_last_seen))));
$$;
