-- Everybody's alerts look there: as before.
SET LOCAL lock_timeout = '2s';

-- After how long somebody is mailed what they have not read; null: not chosen.
ALTER TABLE "notification_preferences" ADD COLUMN "digest" TEXT;

-- As before; new: the digest, and whether any can come.
DROP FUNCTION notification_preferences_of(text);
CREATE FUNCTION notification_preferences_of(p_user text) RETURNS TABLE (kinds jsonb, quiet_hours jsonb, topics jsonb, digest text, email_proved boolean)
LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
  RETURN QUERY SELECT
    coalesce((SELECT p.kinds FROM notification_preferences p WHERE p.user_id = p_user), '{}'),
    coalesce((SELECT p.quiet_hours FROM notification_preferences p WHERE p.user_id = p_user), '{}'),
    coalesce((SELECT jsonb_object_agg(s.topic, s.channels) FROM topic_subscriptions s WHERE s.user_id = p_user), '{}'),
    (SELECT p.digest FROM notification_preferences p WHERE p.user_id = p_user),
    EXISTS (SELECT FROM users u WHERE u.id = p_user AND u.email_proved_at IS NOT NULL);
END $$;

-- Another choice counts from now on; the same one changes nothing.
CREATE FUNCTION choose_digest(p_user text, p_digest text) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO notification_preferences AS p (user_id, digest) SELECT u.id, p_digest FROM users u WHERE u.id = p_user
  ON CONFLICT (user_id) DO UPDATE SET digest = excluded.digest WHERE p.digest IS DISTINCT FROM excluded.digest;
  IF FOUND THEN
    UPDATE digests SET look_at = now() WHERE user_id = p_user;
  END IF;
END $$;

-- Whoever has a digest of theirs ends them. False: this token is nobody's.
CREATE FUNCTION end_digests(p_token text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
DECLARE
  v_user text;
BEGIN
  SELECT d.user_id INTO v_user FROM digests d WHERE d.token = p_token;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM choose_digest(v_user, 'off');
  RETURN true;
END $$;

-- Whoever has this account was seen to read the mail of its address, if that is the one: from now on digests may come.
CREATE FUNCTION prove_email(p_user text, p_email text) RETURNS void
LANGUAGE plpgsql VOLATILE SET enable_seqscan = off AS $$
BEGIN
  UPDATE users SET email_proved_at = now() WHERE id = p_user AND email = p_email AND email_proved_at IS NULL;
  IF FOUND THEN
    UPDATE digests SET look_at = now() WHERE user_id = p_user AND look_at < 'infinity';
  END IF;
END $$;
